import type { z } from "zod";
import { assertNever } from "../domain/assert-never";
import { type HolderRequest, type HolderResponse, holderFrame, type RequestOf } from "../protocol/holder-protocol";
import { ByteAnswer } from "./byte-answer";
import { jsonBytes } from "./frame-pieces";
import { killProcess } from "./kill-process";
import type { Outbox } from "./outbox";
import { listPrograms, stopPrograms } from "./programs";
import { readLog } from "./read-log";
import type { RequestContext } from "./request-context";
import { RequestError } from "./request-error";
import { RunningProgram } from "./run-program";
import { Subscription } from "./subscription";
import { environmentWith, launched } from "./surroundings";

const maxRuns = 256;
const maxReads = 64;
const snapshotMs = 30_000;

/** What one link asked for and has not been answered, and its subscriptions. */
export class LinkRequests {
  readonly #runs = new Map<number, RunningProgram>();
  readonly #reads = new Map<number, AbortController>();
  readonly #subscriptions = new Map<number, { subscription: Subscription; leave: () => void }>();
  #closed = false;

  constructor(
    private readonly context: RequestContext,
    private readonly outbox: Outbox,
  ) {}

  begin(stream: number, parsed: z.ZodSafeParseResult<HolderRequest>): void {
    if (!parsed.success) {
      const message = `this holder cannot read the request: ${parsed.error.message}`;
      this.#respond(stream, { ok: false, code: "invalid", message });
      return;
    }
    this.#answer(parsed.data, stream).then(
      (result) => {
        if (result !== answered) this.#respond(stream, { ok: true, result });
      },
      (error) => this.#respond(stream, failure(error)),
    );
  }

  input(stream: number, bytes: Uint8Array): void {
    this.#runs.get(stream)?.input(bytes);
  }

  ack(stream: number, offset: number): void {
    this.#subscriptions.get(stream)?.subscription.ack(offset);
  }

  cancel(stream: number): void {
    this.#runs.get(stream)?.stop();
    this.#reads.get(stream)?.abort();
    this.#unsubscribe(stream);
  }

  close(): void {
    this.#closed = true;
    for (const run of this.#runs.values()) run.stop();
    for (const read of this.#reads.values()) read.abort();
    for (const stream of [...this.#subscriptions.keys()]) this.#unsubscribe(stream);
  }

  async #answer(request: HolderRequest, stream: number): Promise<unknown> {
    const { processes, roots } = this.context;
    switch (request.op) {
      case "open-pty":
        return (await processes.open(request)).state();
      case "find":
        return { process: processes.find(request.processId)?.state() ?? null };
      case "list":
        return { processes: processes.list().map((held) => held.state()) };
      case "subscribe":
        return this.#subscribe(request, stream);
      case "unsubscribe":
        this.#unsubscribe(request.subscription);
        return {};
      case "read-log":
        return this.#reading(stream, (signal) => this.#readLog(request, stream, signal));
      case "snapshot":
        return this.#reading(stream, (signal) => this.#snapshot(request, stream, signal));
      case "input-offset":
        return { position: processes.named(request).inputOffset(request.clientId) };
      case "resize":
        processes.named(request).resize(request.cols, request.rows);
        return {};
      case "kill":
        await killProcess(request, this.context);
        return {};
      case "forget":
        await killProcess({ processId: request.processId, graceMs: 0 }, this.context);
        await processes.forget(request.processId);
        return {};
      case "run":
        return this.#run(request, stream);
      case "programs":
        return { programs: await listPrograms({ sessionId: request.sessionId }, roots()) };
      case "stop-programs":
        return { programs: await this.#stopPrograms(request) };
      case "configure":
        processes.configure(request);
        return {};
      case "keep-credentials":
        this.context.credentials.keep(request.repositoryId, request.credentials);
        return {};
      case "shutdown":
        this.#respond(stream, { ok: true, result: {} });
        await this.context.shutdown(request);
        return answered;
      default:
        return assertNever(request);
    }
  }

  #subscribe(request: RequestOf<"subscribe">, stream: number): unknown {
    const held = this.context.processes.named(request);
    const subscription = new Subscription(
      held.log,
      { stream, offset: request.offset, windowBytes: request.windowBytes },
      (source) => this.outbox.ready(source),
    );
    const leave = () => {
      held.readers.delete(subscription);
      subscription.close();
      this.outbox.remove(subscription);
    };
    held.readers.add(subscription);
    this.#subscriptions.set(stream, { subscription, leave });
    // After the response.
    setImmediate(() => {
      subscription.wake();
      held.remind();
    });
    return held.state();
  }

  #unsubscribe(stream: number): void {
    this.#subscriptions.get(stream)?.leave();
    this.#subscriptions.delete(stream);
  }

  async #reading(stream: number, work: (signal: AbortSignal) => Promise<unknown>): Promise<unknown> {
    if (this.#reads.size >= maxReads) throw new RequestError("busy", `${maxReads} reads are under way on this link`);
    const abort = new AbortController();
    this.#reads.set(stream, abort);
    try {
      return await work(AbortSignal.any([abort.signal, AbortSignal.timeout(snapshotMs)]));
    } finally {
      this.#reads.delete(stream);
    }
  }

  async #readLog(request: RequestOf<"read-log">, stream: number, signal: AbortSignal): Promise<unknown> {
    const held = this.context.processes.named(request);
    const answer = new ByteAnswer(this.outbox);
    await readLog(held.log, request, { answer, stream, signal });
    const { tail, head } = held.log;
    return this.#respondAfter(answer, stream, { epoch: held.epoch, tailOffset: tail, headOffset: head });
  }

  async #snapshot(request: RequestOf<"snapshot">, stream: number, signal: AbortSignal): Promise<unknown> {
    const held = this.context.processes.named(request);
    const { bytes, ...at } = await held.snapshot(signal);
    const answer = new ByteAnswer(this.outbox);
    answer.data({ type: holderFrame.bytes, stream }, bytes, { bytes: 0, fill: () => {} });
    return this.#respondAfter(answer, stream, { epoch: held.epoch, ...at });
  }

  async #run(request: RequestOf<"run">, stream: number): Promise<unknown> {
    if (this.#runs.size >= maxRuns) throw new RequestError("busy", `${maxRuns} commands are running on this link`);
    const answer = new ByteAnswer(this.outbox);
    const { surroundings } = this.context;
    const env = environmentWith(surroundings, request.env);
    const run = new RunningProgram({ ...request, argv: launched(surroundings, request.argv), env }, stream, answer);
    this.#runs.set(stream, run);
    try {
      return this.#respondAfter(answer, stream, await run.run());
    } finally {
      this.#runs.delete(stream);
    }
  }

  async #stopPrograms({ sessionId, graceMs }: RequestOf<"stop-programs">): Promise<unknown> {
    const held = this.context.processes.list().filter((one) => one.sessionId === sessionId);
    for (const one of held) one.markKilled();
    const left = await stopPrograms({ sessionId }, graceMs, this.context.roots);
    return left;
  }

  #respond(stream: number, response: HolderResponse): void {
    if (!this.#closed) this.outbox.control(holderFrame.response, stream, jsonBytes(response));
  }

  /** Behind the data of the same answer. */
  #respondAfter(answer: ByteAnswer, stream: number, result: unknown): typeof answered {
    answer.frame(holderFrame.response, stream, jsonBytes({ ok: true, result } satisfies HolderResponse));
    return answered;
  }
}

/** The response has left or stands behind its data. */
const answered = Symbol("answered");

function failure(error: unknown): HolderResponse {
  if (error instanceof RequestError) return { ok: false, code: error.code, message: error.message };
  return { ok: false, code: "internal", message: error instanceof Error ? error.message : String(error) };
}
