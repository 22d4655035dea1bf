import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { AppError } from "../../../domain/app-error";
import { ApiRefusal } from "./api-refusal";
import type { Credentials, Target } from "./credentials";
import { TimeoutFailure } from "./timeout-failure";
import type { ClusterTimings } from "./timings";

export type ApiRequest = { method: string; path: string; headers?: Record<string, string>; body?: string };
export type ApiAnswer = { status: number; headers: Record<string, string>; text: string };

/** Of one answer: a list of more is not one of ours. */
const maxAnswerBytes = 64 * 1024 * 1024;

/**
 * Every request to the API server, each with credentials of its own moment and a connection of its own: what a broken
 * connection would lose is only the request on it. Rejected with what the network said, with `AppError` for
 * credentials, and on an answer that is not 2xx with `ApiRefusal`.
 */
export class Transport {
  constructor(
    readonly credentials: Credentials,
    private readonly timings: ClusterTimings,
  ) {}

  async send(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer> {
    // Which have a limit of their own.
    const target = await this.credentials.target();
    const limit = limited(signal, this.timings.answerMs);
    try {
      const response = await this.#begin(target, request, limit.signal);
      const { statusCode: status = 0, headers } = response;
      const flat = Object.entries(headers).map(([name, value]) => [name, `${value}`]);
      return { status, headers: Object.fromEntries(flat), text: await readAll(response) };
    } catch (error) {
      throw limit.reasonOf(error);
    } finally {
      limit.over();
    }
  }

  /**
   * Resolves when the answer begins, to its parts as they come, for at most `limitMs`. They end at its end; what is
   * cut rejects. Whoever asks reads them.
   */
  async stream(
    path: string,
    { limitMs, signal }: { limitMs: number; signal: AbortSignal },
  ): Promise<AsyncIterable<Buffer>> {
    const target = await this.credentials.target();
    const limit = limited(signal, limitMs);
    try {
      return partsOf(await this.#begin(target, { method: "GET", path }, limit.signal), limit);
    } catch (error) {
      const reason = limit.reasonOf(error);
      limit.over();
      throw reason;
    }
  }

  /** Credentials that were turned away are read again, once. */
  async #begin(first: Target, request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const response = await answerOf(first, request, signal);
    if (response.statusCode !== 401 || !this.credentials.forget()) return accepted(response);
    response.resume();
    return accepted(await answerOf(await this.credentials.target(), request, signal));
  }
}

async function accepted(response: IncomingMessage): Promise<IncomingMessage> {
  const { statusCode = 0 } = response;
  if (statusCode >= 200 && statusCode < 300) return response;
  throw ApiRefusal.read(statusCode, parseJson(await readAll(response)));
}

function answerOf(target: Target, request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { server, options } = target;
  // An address may have a path of its own: a gateway in front of many clusters.
  const url = new URL(server.replace(/\/+$/, "") + request.path);
  const issue = url.protocol === "http:" ? http.request : https.request;
  // Node leaves the length out where a method seldom has a body, and the conditions of a DELETE would go unread.
  const length = request.body === undefined ? {} : { "content-length": Buffer.byteLength(request.body) };
  const headers = { ...options.headers, accept: "application/json", ...request.headers, ...length };
  return new Promise((resolve, reject) => {
    const asked = issue(url, { ...options, agent: options.agent ?? false, method: request.method, headers, signal });
    asked.on("response", resolve);
    asked.on("error", reject);
    asked.end(request.body);
  });
}

/** A limit that leaves nothing behind on `signal`, which may live as long as the server. */
function limited(signal: AbortSignal, limitMs: number) {
  const abort = new AbortController();
  const stop = () => abort.abort(signal.reason);
  const timer = setTimeout(() => abort.abort(new TimeoutFailure(limitMs)), limitMs);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  return {
    signal: abort.signal,
    /** What the network says of a request that was given up hides why. */
    reasonOf: (error: unknown): unknown => (abort.signal.aborted ? abort.signal.reason : error),
    over() {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      abort.abort();
    },
  };
}

async function* partsOf(response: IncomingMessage, limit: ReturnType<typeof limited>): AsyncGenerator<Buffer> {
  try {
    yield* response as AsyncIterable<Buffer>;
  } catch (error) {
    throw limit.reasonOf(error);
  } finally {
    limit.over();
  }
}

async function readAll(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    bytes += part.length;
    if (bytes > maxAnswerBytes) throw new AppError("unavailable", "the cluster's answer is too large to take");
  }
  return Buffer.concat(parts).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not the API server's words: the status alone counts
  }
}
