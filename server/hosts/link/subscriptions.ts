import { AppError } from "../../domain/app-error";
import type { Log } from "../../kit/log";
import { offsetPayload } from "../../protocol/byte-frames";
import { holderFrame, type ProcessState } from "../../protocol/holder-protocol";
import type { PtyEvent, PtyListener, PtyRecord } from "../../terminals/pty-host";
import { processKey } from "./handles";
import type { HolderLink } from "./holder-link";
import { advance } from "./log-cursor";

export type Wanted = { processId: string; epoch: string; offset: number; windowBytes: number };

type Subscription = {
  readonly wanted: Wanted;
  readonly key: string;
  readonly listener: PtyListener;
  /** The next byte to give. */
  offset: number;
  ackedTo: number;
  /** Given last: a new connection begins with the size that holds, which is mostly the same. */
  lastSize: string | null;
  /** The request that opened it on this connection; null while there is none. */
  id: number | null;
  /** The exit was given: nothing follows, also after a drop. */
  over: boolean;
};

/** After an answer that says nothing about the program, such as a busy holder. */
const retryMs = 1_000;

/** Acknowledging each byte would double the frames of a keystroke. */
const maxUnackedBytes = 64 * 1024;

/** Readers of programs' output. Each is taken up again on a new connection from the exact byte where it stands. */
export class Subscriptions {
  readonly #link: HolderLink;
  readonly #on: { state(state: ProcessState): void; over(key: string): void; log: Log };
  readonly #all = new Set<Subscription>();
  readonly #byId = new Map<number, Subscription>();
  readonly #retries = new Set<NodeJS.Timeout>();

  constructor(link: HolderLink, on: { state(state: ProcessState): void; over(key: string): void; log: Log }) {
    this.#link = link;
    this.#on = on;
  }

  add(wanted: Wanted, listener: PtyListener): () => void {
    const subscription: Subscription = {
      ...{ wanted, key: processKey(wanted.processId, wanted.epoch), listener },
      ...{ offset: wanted.offset, ackedTo: wanted.offset, lastSize: null, id: null, over: false },
    };
    this.#all.add(subscription);
    this.#open(subscription);
    return () => this.#remove(subscription);
  }

  here(): void {
    for (const subscription of this.#all) this.#open(subscription);
  }

  away(): void {
    for (const timer of this.#retries) clearTimeout(timer);
    this.#retries.clear();
    this.#byId.clear();
    for (const subscription of this.#all) subscription.id = null;
  }

  /** A record that arrived for a subscription; one that was just cancelled is let go. */
  record(id: number, record: PtyRecord): void {
    const subscription = this.#byId.get(id);
    if (!subscription) return;
    const next = advance(subscription.offset, record);
    if (next.kind === "known") return;
    if (next.kind === "hole") throw new Error("output is missing that was not declared gone");
    subscription.offset = next.offset;
    this.#ack(subscription, id);
    this.#give(subscription, next.record);
  }

  event(key: string, event: PtyEvent): void {
    for (const { listener } of this.#of(key)) this.#guard(() => listener.onEvent(event));
  }

  inputAck(key: string, clientId: string, position: number): void {
    for (const { listener } of this.#of(key)) this.#guard(() => listener.onInputAck(clientId, position));
  }

  #of(key: string): Subscription[] {
    return [...this.#all].filter((subscription) => subscription.key === key);
  }

  #open(subscription: Subscription): void {
    if (!this.#link.isHere() || subscription.id !== null || subscription.over) return;
    const { processId, epoch, windowBytes } = subscription.wanted;
    subscription.ackedTo = subscription.offset;
    const { id, answer } = this.#link.begin<"subscribe">({
      op: "subscribe",
      ...{ processId, epoch, windowBytes, offset: subscription.offset },
    });
    subscription.id = id;
    this.#byId.set(id, subscription);
    answer.then(this.#on.state, (error: unknown) => {
      if (subscription.id === id) this.#failed(subscription, id, error);
    });
  }

  #failed(subscription: Subscription, id: number, error: unknown): void {
    this.#byId.delete(id);
    subscription.id = null;
    if (AppError.is(error) && ["not-found", "conflict", "invalid"].includes(error.code)) {
      this.#all.delete(subscription);
      this.#on.over(subscription.key);
      this.#guard(() => subscription.listener.onLost(error.message));
      return;
    }
    this.#on.log.warn("subscribing failed, again soon", { processId: subscription.wanted.processId, error });
    const timer = setTimeout(() => {
      this.#retries.delete(timer);
      if (this.#all.has(subscription)) this.#open(subscription);
    }, retryMs);
    this.#retries.add(timer);
  }

  #remove(subscription: Subscription): void {
    const { id } = subscription;
    if (!this.#all.delete(subscription) || id === null) return;
    this.#byId.delete(id);
    subscription.id = null;
    // A holder that did not hear it keeps a window of output at most, until this link ends.
    this.#link.begin<"unsubscribe">({ op: "unsubscribe", subscription: id }).answer.catch(() => {});
  }

  #ack(subscription: Subscription, id: number): void {
    const unacked = subscription.offset - subscription.ackedTo;
    if (unacked < Math.min(maxUnackedBytes, subscription.wanted.windowBytes / 4)) return;
    subscription.ackedTo = subscription.offset;
    this.#link.send(holderFrame.ack, id, offsetPayload(subscription.offset));
  }

  #give(subscription: Subscription, record: PtyRecord): void {
    if (record.kind === "resized") {
      const size = `${record.cols}x${record.rows}`;
      if (subscription.lastSize === size) return;
      subscription.lastSize = size;
    }
    if (record.kind === "exit") {
      subscription.over = true;
      this.#on.over(subscription.key);
    }
    this.#guard(() => subscription.listener.onRecord(record));
  }

  /** One reader's bug is not the others' loss. */
  #guard(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#on.log.error("a reader of terminal output failed", { error });
    }
  }
}
