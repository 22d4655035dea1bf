import { maxDataBytes, putOffset } from "../protocol/byte-frames";
import { holderFrame, type LogRecord } from "../protocol/holder-protocol";
import { dataHeader, jsonFrame } from "./frame-pieces";
import type { FrameSource } from "./outbox";
import type { TerminalLog } from "./terminal-log";

export type SubscriptionStart = { stream: number; offset: number; windowBytes: number };

/** A reader this close to the head is following live: what it waits for goes before replays. */
const liveBytes = 16 * 1024;
const loadBytes = 256 * 1024;

/** One reader of one log: output and records in order, at most a window beyond what it acknowledged. */
export class Subscription implements FrameSource {
  #next: number;
  #acked: number;
  #nextSeq: number;
  #sizeSent = false;
  #loaded: { offset: number; bytes: Uint8Array } | null = null;
  #loading = false;
  #closed = false;

  constructor(
    private readonly log: TerminalLog,
    private readonly start: SubscriptionStart,
    private readonly onReady: (source: Subscription) => void,
  ) {
    this.#next = Math.min(start.offset, log.head);
    this.#acked = this.#next;
    this.#nextSeq = log.records.seqAt(this.#next);
  }

  urgent(): boolean {
    return this.log.head - this.#next <= liveBytes;
  }

  /** An ack beyond what was sent counts as one of all that was. */
  ack(offset: number): void {
    const before = this.#acked;
    this.#acked = Math.max(this.#acked, Math.min(offset, this.#next));
    if (this.#acked > before) this.onReady(this);
  }

  /** There is more in the log. */
  wake(): void {
    if (!this.#closed && !this.#loading) this.onReady(this);
  }

  close(): void {
    this.#closed = true;
    this.#loaded = null;
  }

  take(): Uint8Array[] | null {
    if (this.#closed || this.#loading) return null;
    if (!this.#sizeSent) {
      this.#sizeSent = true;
      return this.#record({ kind: "resized", offset: this.#next, ...this.log.records.sizeAt(this.#next) });
    }
    const next = this.log.records.from(this.#nextSeq);
    if (next !== undefined && next.record.offset <= this.#next) {
      this.#nextSeq = next.seq + 1;
      return this.#record(next.record);
    }
    const upTo = next === undefined ? Number.POSITIVE_INFINITY : next.record.offset - this.#next;
    const limit = Math.min(maxDataBytes, this.start.windowBytes - (this.#next - this.#acked), upTo);
    return limit > 0 ? this.#output(limit) : null;
  }

  #output(limit: number): Uint8Array[] | null {
    const read = this.#fromLoaded(limit) ?? this.log.read(this.#next, limit);
    switch (read.kind) {
      case "end":
        return null;
      case "disk":
        this.#load();
        return null;
      case "gap": {
        const from = this.#next;
        this.#next = read.to;
        // The skipped bytes were never sent: they use no credit.
        this.#acked += read.to - from;
        return this.#record({ kind: "gap", from, to: read.to });
      }
      case "bytes": {
        const header = dataHeader({ type: holderFrame.output, stream: this.start.stream }, read.bytes.length, 8);
        putOffset(header.view, 0, this.#next);
        this.#next += read.bytes.length;
        return [header.bytes, read.bytes];
      }
    }
  }

  #fromLoaded(limit: number): { kind: "bytes"; bytes: Uint8Array } | null {
    const loaded = this.#loaded;
    if (loaded === null) return null;
    const from = this.#next - loaded.offset;
    if (from < 0 || from >= loaded.bytes.length) {
      this.#loaded = null;
      return null;
    }
    return { kind: "bytes", bytes: loaded.bytes.subarray(from, from + limit) };
  }

  #load(): void {
    this.#loading = true;
    const offset = this.#next;
    const done = (bytes: Uint8Array) => {
      this.#loading = false;
      if (this.#closed) return;
      this.#loaded = { offset, bytes };
      this.onReady(this);
    };
    // A disk that cannot be read: what is there cannot be told, so the reader stays where it is and may ask again.
    this.log.load(offset, loadBytes).then(done, () => {
      this.#loading = false;
    });
  }

  #record(record: LogRecord): Uint8Array[] {
    return [jsonFrame(holderFrame.record, this.start.stream, record)];
  }
}
