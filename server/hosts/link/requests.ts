import type { z } from "zod";
import { AppError, type ErrorCode } from "../../domain/app-error";
import { type Frame, maxFrameBytes } from "../../protocol/byte-frames";
import {
  type HolderRequest,
  type HolderResponse,
  holderFrame,
  holderResponse,
  holderResults,
} from "../../protocol/holder-protocol";

export type ResultOf<Op extends HolderRequest["op"]> = Op extends keyof typeof holderResults
  ? z.infer<(typeof holderResults)[Op]>
  : Record<string, never>;

type Waiting = {
  op: HolderRequest["op"];
  timer: NodeJS.Timeout;
  onFrame: ((frame: Frame) => void) | undefined;
  resolve(result: unknown): void;
  reject(error: unknown): void;
};

/** The holder would close the link at more. */
const maxRequestBytes = maxFrameBytes - 64;

/** Requests of one link that wait for their answer. Every one of them ends: by its response, its limit or `rejectAll`. */
export class Requests {
  readonly #send: (type: number, id: number, payload: Uint8Array) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(send: (type: number, id: number, payload: Uint8Array) => void) {
    this.#send = send;
  }

  begin<Op extends HolderRequest["op"]>(
    request: Extract<HolderRequest, { op: Op }>,
    { limitMs, onFrame }: { limitMs: number; onFrame: ((frame: Frame) => void) | undefined },
  ): { id: number; answer: Promise<ResultOf<Op>> } {
    this.#lastId += 1;
    const id = this.#lastId;
    const payload = new TextEncoder().encode(JSON.stringify(request));
    if (payload.length > maxRequestBytes) {
      const error = new AppError("too-large", `"${request.op}" asks for more than ${maxRequestBytes} bytes can say.`);
      return { id, answer: Promise.reject(error) };
    }
    const answer = new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new AppError("unavailable", `The host did not answer "${request.op}" within ${limitMs / 1000} s.`));
      }, limitMs);
      this.#waiting.set(id, { op: request.op, timer, onFrame, resolve, reject });
    });
    this.#send(holderFrame.request, id, payload);
    return { id, answer: answer as Promise<ResultOf<Op>> };
  }

  /** False when the frame belongs to no request that waits. */
  take(frame: Frame): boolean {
    const waiting = this.#waiting.get(frame.stream);
    if (frame.type === holderFrame.response) {
      if (waiting) this.#answer(frame, waiting);
      return true;
    }
    if (!waiting?.onFrame || !carriesRequestId.has(frame.type)) return false;
    try {
      waiting.onFrame(frame);
    } catch (error) {
      this.#settle(frame.stream, waiting);
      waiting.reject(error);
    }
    return true;
  }

  rejectAll(error: unknown): void {
    for (const { timer, reject } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }

  #settle(id: number, { timer }: Waiting): void {
    this.#waiting.delete(id);
    clearTimeout(timer);
  }

  #answer(frame: Frame, waiting: Waiting): void {
    const { op, resolve, reject } = waiting;
    this.#settle(frame.stream, waiting);
    try {
      const response = holderResponse.parse(JSON.parse(new TextDecoder().decode(frame.payload)));
      if (!response.ok) reject(asError(response));
      else resolve(op in holderResults ? holderResults[op as keyof typeof holderResults].parse(response.result) : {});
    } catch (error) {
      reject(new Error(`the holder's answer to "${op}" cannot be read`, { cause: error }));
    }
  }
}

/** Frames whose stream is a process handle may bear the number of a request. */
const carriesRequestId: ReadonlySet<number> = new Set([
  holderFrame.requestOutput,
  holderFrame.output,
  holderFrame.record,
  holderFrame.bytes,
]);

type Refused = Extract<HolderResponse, { ok: false }>;

const codes: Record<Exclude<Refused["code"], "internal">, ErrorCode> = {
  invalid: "invalid",
  "unknown-process": "not-found",
  "other-epoch": "conflict",
  "cannot-start": "refused",
  busy: "too-many",
};

function asError({ code, message }: Refused): Error {
  return code === "internal" ? new Error(`the holder failed: ${message}`) : new AppError(codes[code], message);
}
