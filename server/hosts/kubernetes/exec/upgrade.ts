import type https from "node:https";
import WebSocket from "ws";
import { AppError } from "../../../domain/app-error";
import { newestProtocol, olderProtocol } from "./channels";
import { readStatus } from "./exec-status";
import { refusal } from "./refusal";

export type Upgrade = { url: string; options: https.RequestOptions; namespace: string; pod: string };

/** Of an answer that is no upgrade, this much is read. */
const maxAnswerBytes = 16 * 1024;
/** The API server copies in pieces of 32 KiB; what is far beyond them is not of this protocol. */
const maxPayload = 1024 * 1024;

type Answer = { kind: "open"; socket: WebSocket } | { kind: "refused"; status: number; body: string };

/** An open WebSocket that is paused: resume it when its listeners are there. */
export async function upgrade(wanted: Upgrade, signal: AbortSignal): Promise<WebSocket> {
  let answer = await ask(wanted, [newestProtocol, olderProtocol], signal);
  // Older parts on the way refuse what they do not know; the API server's own refusal would be the same again.
  if (isProtocolRefused(answer)) answer = await ask(wanted, [olderProtocol], signal);
  if (answer.kind === "open") return answer.socket;
  throw refusal(answer, wanted);
}

function isProtocolRefused(answer: Answer): boolean {
  return answer.kind === "refused" && [0, 400, 403].includes(answer.status) && readStatus(answer.body) === null;
}

/** Status 0: there was an upgrade, but to no protocol that was offered. */
function ask({ url, options }: Upgrade, protocols: string[], signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols, { ...options, perMessageDeflate: false, maxPayload });
    const stop = () => socket.terminate();
    const settle = () => signal.removeEventListener("abort", stop);
    signal.addEventListener("abort", stop, { once: true });
    socket.once("open", () => {
      settle();
      socket.pause();
      resolve({ kind: "open", socket });
    });
    socket.on("unexpected-response", (request, response) => {
      let body = "";
      const done = () => {
        settle();
        request.destroy();
        resolve({ kind: "refused", status: response.statusCode ?? 0, body });
      };
      response.setEncoding("utf8").on("data", (text: string) => {
        body += text;
        if (body.length > maxAnswerBytes) done();
      });
      response.once("end", done).once("close", done);
    });
    socket.on("error", (error) => {
      settle();
      if (/subprotocol/.test(error.message)) return resolve({ kind: "refused", status: 0, body: error.message });
      reject(signal.aborted ? givenUp(signal) : unreachable(url, error));
    });
    if (signal.aborted) stop();
  });
}

export function givenUp(signal: AbortSignal): AppError {
  const late = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
  const reason = late ? "the API server did not answer in time" : "the attempt was given up";
  return new AppError("unavailable", reason, { cause: signal.reason });
}

function unreachable(url: string, error: Error): AppError {
  return new AppError("unavailable", `the API server at ${new URL(url).host} cannot be reached: ${error.message}`, {
    cause: error,
  });
}
