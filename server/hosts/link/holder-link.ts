import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../domain/app-error";
import type { Log } from "../../kit/log";
import type { Frame } from "../../protocol/byte-frames";
import { creditProtocol, type HolderRequest, holderFrame, holderProtocol } from "../../protocol/holder-protocol";
import type { LinkState } from "../../terminals/pty-host";
import { type BulkSource, Connection } from "./connection";
import { greeting, helloPayload, spokenProtocols, type Welcome } from "./greeting";
import { Requests, type ResultOf } from "./requests";
import { type LinkTimings, linkTimings, retryMs } from "./timings";

export type RequestOptions = {
  /** What the request itself may take, on top of the holder's time for an answer. */
  workMs?: number;
  /** Frames other than the response that carry the request's id. */
  onFrame?: (frame: Frame) => void;
};

/** Something that must be told again to every new connection. */
export interface LinkPart {
  /** `sameHolder` is false when the processes of the last connection's holder are over. */
  here(sameHolder: boolean): void;
  away(): void;
  frame(frame: Frame): void;
}

export type HolderLinkOptions = {
  /** A fresh stream to the holder, which is started where it must be. The link owns the stream from then on. */
  connect(signal: AbortSignal): Promise<Duplex>;
  serverNumber: number;
  /** Told at every welcome, before any request that waits. */
  onWelcome?: (welcome: Welcome) => void;
  /** Newest first; each is offered before a refusal is believed. */
  protocols?: readonly number[];
  timings?: Partial<LinkTimings>;
  log: Log;
};

type End = { reason: string; welcomed: boolean; refused: boolean };

/**
 * The one link of this server to one holder. It comes back by itself for ever until `close`; requests under way when it
 * drops are rejected, for nobody can know whether they were done.
 */
export class HolderLink {
  readonly timings: LinkTimings;
  readonly #options: HolderLinkOptions;
  readonly #abort = new AbortController();
  readonly #parts: LinkPart[] = [];
  readonly #listeners = new Set<(state: LinkState) => void>();
  readonly #requests = new Requests((type, id, payload) => this.#connection?.send(type, id, payload));
  readonly #over: Promise<void>;
  #hurry = new AbortController();
  #connection: Connection | null = null;
  #welcome: Welcome | null = null;
  #refused = false;
  #state: LinkState = { kind: "away", since: new Date(), reason: "the holder was not reached yet" };

  constructor(options: HolderLinkOptions) {
    this.#options = options;
    this.timings = { ...linkTimings, ...options.timings };
    this.#over = this.#stayConnected();
  }

  state(): LinkState {
    return this.#state;
  }

  /** Also true while the parts are being told, before `onState` is. */
  isHere(): boolean {
    return this.#connection !== null;
  }

  /** When the holder was last heard; null while it is away. */
  heardAt(): Date | null {
    return this.#connection?.heardAt ?? null;
  }

  /** The holder that was reached last. */
  welcome(): Welcome | null {
    return this.#welcome;
  }

  /** True while the holder will not have this server: waiting does not help. */
  refused(): boolean {
    return this.#refused;
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attach(part: LinkPart): void {
    this.#parts.push(part);
    if (this.#connection) part.here(true);
  }

  /** Waits a while for a link that is away; rejected with `AppError("unavailable")` when it stays so. */
  async request<Op extends HolderRequest["op"]>(
    request: Extract<HolderRequest, { op: Op }>,
    options: RequestOptions = {},
  ): Promise<ResultOf<Op>> {
    await this.untilHere();
    return this.begin(request, options).answer;
  }

  /** Rejected with `AppError("unavailable")` when the link stays away, or will. */
  async untilHere(): Promise<void> {
    if (this.#connection) return;
    await new Promise<void>((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer);
        off();
        if (this.#connection) resolve();
        else reject(this.#unavailable());
      };
      const timer = setTimeout(settle, this.#refused ? 0 : this.timings.awayMs);
      const off = this.onState(() => {
        if (this.#connection || this.#refused || this.#abort.signal.aborted) settle();
      });
      if (this.#abort.signal.aborted) settle();
    });
  }

  /** Sends at once. The id names what follows on this connection, such as a subscription. */
  begin<Op extends HolderRequest["op"]>(
    request: Extract<HolderRequest, { op: Op }>,
    { workMs = 0, onFrame }: RequestOptions = {},
  ): { id: number; answer: Promise<ResultOf<Op>> } {
    if (!this.#connection) return { id: 0, answer: Promise.reject(this.#unavailable()) };
    return this.#requests.begin(request, { limitMs: workMs + this.timings.answerMs, onFrame });
  }

  send(type: number, streamId: number, payload: Uint8Array): void {
    this.#connection?.send(type, streamId, payload);
  }

  sendBulk(source: BulkSource): void {
    this.#connection?.sendBulk(source);
  }

  /** Ends the wait before the next attempt, for one who knows that the holder is there now. */
  hurry(): void {
    this.#hurry.abort();
  }

  /** For a peer that broke the protocol: a new connection starts from what is known to be right. */
  drop(reason: string): void {
    this.#connection?.fail(reason);
  }

  /** Programs go on in the holder. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#connection?.fail("this server closed the link");
    await this.#over;
  }

  async #stayConnected(): Promise<void> {
    const { signal } = this.#abort;
    let failures = 0;
    while (!signal.aborted) {
      const end = await this.#connectAny().catch(asEnd);
      // Once for each time it begins: of two servers that want one holder, this is how the one that lost it knows.
      if (end.refused && !this.#refused)
        this.#options.log.warn("the holder refuses this server", { reason: end.reason });
      this.#refused = end.refused;
      this.#goAway(end.reason);
      failures = end.welcomed ? 0 : failures + 1;
      const waitMs = end.refused
        ? this.timings.refusedRetryMs
        : retryMs(Math.max(0, failures - 1), Math.random(), this.timings);
      this.#hurry = new AbortController();
      await sleep(waitMs, undefined, { signal: AbortSignal.any([signal, this.#hurry.signal]) }).catch(() => {}); // go on
    }
  }

  /** An older holder refuses the newest protocol, and takes an older one. */
  async #connectAny(): Promise<End> {
    const [newest = holderProtocol, ...older] = this.#options.protocols ?? spokenProtocols;
    let end = await this.#connect(newest);
    for (const protocol of older) {
      if (!end.refused || this.#abort.signal.aborted) return end;
      end = await this.#connect(protocol);
    }
    return end;
  }

  /** Resolves when the connection is over. */
  async #connect(protocol: number): Promise<End> {
    const { connect, serverNumber } = this.#options;
    const limit = AbortSignal.timeout(this.timings.connectMs);
    const stream = await connect(AbortSignal.any([this.#abort.signal, limit]));
    return new Promise((resolve) => {
      let [welcomed, refused] = [false, false];
      const late = () => welcomed || connection.fail("the holder did not answer in time");
      const stop = () => connection.fail("this server closed the link");
      const take = (frame: Frame) => {
        if (welcomed) return this.#take(frame);
        const said = greeting(frame, protocol);
        if (said.kind === "refused") {
          refused = true;
          return connection.fail(said.reason);
        }
        welcomed = true;
        if (said.welcome.protocol >= creditProtocol) connection.countTaken();
        this.#goHere(connection, said.welcome);
      };
      const end = (reason: string) => {
        limit.removeEventListener("abort", late);
        this.#abort.signal.removeEventListener("abort", stop);
        resolve({ reason, welcomed, refused });
      };
      const connection = new Connection(stream, { frame: take, end }, this.timings);
      limit.addEventListener("abort", late, { once: true });
      this.#abort.signal.addEventListener("abort", stop, { once: true });
      connection.send(holderFrame.hello, 0, helloPayload(protocol, serverNumber));
      if (this.#abort.signal.aborted) stop();
    });
  }

  #take(frame: Frame): void {
    if (frame.type === holderFrame.pong || this.#requests.take(frame)) return;
    for (const part of this.#parts) part.frame(frame);
  }

  #goHere(connection: Connection, welcome: Welcome): void {
    const sameHolder = this.#welcome === null || this.#welcome.holderId === welcome.holderId;
    this.#connection = connection;
    this.#welcome = welcome;
    this.#refused = false;
    this.#options.log.info("holder reached", { version: welcome.version, holderPid: welcome.pid, sameHolder });
    this.#options.onWelcome?.(welcome);
    for (const part of this.#parts) part.here(sameHolder);
    this.#setState({ kind: "here" });
  }

  #goAway(reason: string): void {
    const since = this.#state.kind === "away" ? this.#state.since : new Date();
    if (this.#state.kind === "here") this.#options.log.warn("holder away", { reason });
    this.#connection = null;
    const state: LinkState = { kind: "away", since, reason };
    this.#state = state;
    this.#requests.rejectAll(this.#unavailable());
    for (const part of this.#parts) part.away();
    this.#setState(state);
  }

  #setState(state: LinkState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) {
      try {
        listener(state);
      } catch (error) {
        this.#options.log.error("a reader of the link's state failed", { error });
      }
    }
  }

  #unavailable(): AppError {
    const reason = this.#state.kind === "away" ? this.#state.reason : "the link was lost";
    return new AppError("unavailable", `The host cannot be reached: ${reason}`);
  }
}

const asEnd = (error: unknown): End => ({
  reason: error instanceof Error ? error.message : String(error),
  welcomed: false,
  refused: false,
});
