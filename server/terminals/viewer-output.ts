import { AppError } from "../domain/app-error";
import type { Log } from "../kit/log";
import { Credit } from "./credit";
import { cutSnapshot, type SnapshotPart } from "./cut-snapshot";
import { OneFetch } from "./one-fetch";
import type { PtyRecord, PtySnapshot } from "./pty-host";
import type { RingCursor } from "./ring";
import type { Source } from "./source";
import type { ViewerSocket } from "./terminals";

const maxOutputBytes = 32 * 1024;
const maxBulkBytes = 256 * 1024;
/** Above it the network is the bottleneck: output waits, so that what comes next is not behind it. */
const maxBufferedBytes = 128 * 1024;

/** Where a viewer's output begins: right after its `attached`. */
export type OutputStart =
  | { kind: "offset"; offset: number; records: PtyRecord[] }
  | { kind: "snapshot"; snapshot: PtySnapshot; gapFrom: number | null };

/**
 * What one viewer is sent, at its own pace: from the ring while it keeps up, from the log when it fell behind the
 * ring, by a gap and a snapshot when it fell behind the log. It holds at most one piece of log and one snapshot.
 */
export class ViewerOutput {
  #source: Source | null = null;
  #credit: Credit;
  #cursor: RingCursor = { offset: 0, mark: 0 };
  #bulk: PtyRecord[] = [];
  #parts: SnapshotPart[] = [];
  /** The offset whose ack says that the snapshot is parsed. */
  #awaited: number | null = null;
  readonly #fetch = new OneFetch();
  #exitTold = false;
  #hidden = false;
  #pumping = false;
  #waiting: (() => void)[] = [];
  /** How far the programs before this one got: acks that crossed the new `attached` reach up to there. */
  #formerSent = 0;
  /** The size that holds at the last byte sent. */
  size = { cols: 80, rows: 24 };

  constructor(
    readonly socket: Pick<ViewerSocket, "send" | "bufferedBytes">,
    readonly windowBytes: number,
    readonly log: Log,
  ) {
    this.#credit = new Credit(windowBytes, 0);
  }

  get source(): Source | null {
    return this.#source;
  }

  /** Everything below it was sent. */
  get sent(): number {
    return this.#credit.sent;
  }

  get congested(): boolean {
    return this.socket.bufferedBytes() >= maxBufferedBytes;
  }

  begin(source: Source, start: OutputStart, size: { cols: number; rows: number }): void {
    this.stop();
    this.#formerSent = Math.max(this.#formerSent, this.sent);
    this.#source = source;
    this.size = size;
    const offset = start.kind === "offset" ? start.offset : (start.gapFrom ?? start.snapshot.offset);
    this.#credit = new Credit(this.windowBytes, offset);
    if (start.kind === "snapshot") this.#skipTo(start.snapshot);
    else if (start.records.length > 0) this.#bulk = start.records;
    else this.#goTo(offset);
    this.pump();
  }

  /** Nothing more comes from here: what was under way is dropped. */
  stop(): void {
    this.#fetch.stop();
    this.#source = null;
    this.#bulk = [];
    this.#parts = [];
    this.#awaited = null;
    this.#exitTold = false;
    this.#runWaiting();
  }

  hide(): void {
    this.#hidden = true;
    this.#bulk = [];
    this.#goTo(this.sent);
  }

  show(): void {
    this.#hidden = false;
    this.again();
  }

  /** After a new `attached` of the same program: the log is asked at once, and the exit told once more. */
  again(): void {
    this.#fetch.hurry();
    this.#exitTold = false;
    this.pump();
  }

  /** False when it is beyond what was sent. */
  ack(offset: number): boolean {
    if (!this.#source) return true; // of a program before this one: its frames crossed
    if (!this.#credit.ack(offset)) return offset <= this.#formerSent;
    if (this.#awaited !== null && offset >= this.#awaited) this.#awaited = null;
    this.pump();
    return true;
  }

  /** Runs at once, or behind the snapshot that is being sent: nothing may come between its frames. */
  whenClear(work: () => void): void {
    this.#waiting.push(work);
    if (this.#parts.length === 0) this.#runWaiting();
  }

  /** How much waits for the snapshot that is being sent. */
  get held(): number {
    return this.#waiting.length;
  }

  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#source && !this.congested && this.#step(this.#source)) {}
    } finally {
      this.#pumping = false;
    }
  }

  /** Sends one thing; false when nothing can be sent now. */
  #step(source: Source): boolean {
    const part = this.#parts.shift();
    if (part) {
      this.#sendPart(part);
      return true;
    }
    if (this.#hidden || this.#awaited !== null || this.#fetch.busy) return false;
    const record = this.#bulk[0];
    return record ? this.#sendRecord(source, record) : this.#sendFromRing(source);
  }

  #sendPart(part: SnapshotPart): void {
    if (part.last) {
      this.#credit = new Credit(this.windowBytes, part.offset);
      this.#awaited = part.offset;
      this.size = { cols: part.cols, rows: part.rows };
      this.#goTo(part.offset);
    }
    this.socket.send(part);
    if (part.last) this.#runWaiting();
  }

  /** In order, also when one of them makes more. */
  #runWaiting(): void {
    for (let work = this.#waiting.shift(); work; work = this.#parts.length === 0 ? this.#waiting.shift() : undefined)
      work();
  }

  #sendFromRing(source: Source): boolean {
    const { room } = this.#credit;
    const ahead = this.#cursor.offset >= source.ring.end;
    if (room <= 0 && !ahead) return false;
    const read = source.ring.read(this.#cursor, Math.min(maxOutputBytes, Math.max(room, 0)));
    switch (read.kind) {
      case "output":
        this.#sendOutput(read.offset, read.bytes);
        return true;
      case "mark":
        if (read.mark.kind === "gap") this.#leap(source, read.mark.to);
        else this.#sendResized(read.mark);
        return true;
      case "behind":
        this.#readLog(source);
        return false;
      case "end":
        return this.#tellExit(source);
    }
  }

  #sendRecord(source: Source, record: PtyRecord): boolean {
    if (record.kind !== "output") {
      this.#bulk.shift();
      if (record.kind === "resized") this.#sendResized(record);
      if (record.kind === "gap" && record.to > this.sent) this.#leap(source, record.to);
      else if (this.#bulk.length === 0) this.#goTo(this.sent);
      return true;
    }
    const fresh = record.bytes.subarray(Math.max(0, this.sent - record.offset));
    const piece = fresh.subarray(0, Math.min(maxOutputBytes, this.#credit.room));
    if (piece.length === 0 && fresh.length > 0) return false;
    if (piece.length > 0) this.#sendOutput(this.sent, piece);
    if (piece.length === fresh.length) this.#bulk.shift();
    if (this.#bulk.length === 0) this.#goTo(this.sent);
    return true;
  }

  #sendOutput(offset: number, bytes: Uint8Array): void {
    this.#credit.send(bytes.length);
    this.socket.send({ kind: "output", offset, bytes });
  }

  #sendResized({ offset, cols, rows }: { offset: number; cols: number; rows: number }): void {
    if (cols === this.size.cols && rows === this.size.rows) return;
    this.size = { cols, rows };
    this.socket.send({ kind: "resized", offset, cols, rows });
  }

  #tellExit({ exit }: Source): boolean {
    if (this.#exitTold || !exit || this.sent < exit.offset) return false;
    this.#exitTold = true;
    const { offset, ...told } = exit;
    this.socket.send({ kind: "exit", offset, exit: told });
    return true;
  }

  /** On from the ring. What stands at that very byte was told already, by `attached`, the log or a snapshot. */
  #goTo(offset: number): void {
    if (!this.#source) return;
    const { cursor, size } = this.#source.ring.cursorBehind(offset);
    this.#cursor = cursor;
    const differs = size && (size.cols !== this.size.cols || size.rows !== this.size.rows);
    if (differs) this.#bulk.push({ kind: "resized", offset, ...size });
  }

  #readLog(source: Source): void {
    const from = this.sent;
    this.#fetch.ask(() => source.readLog(from, Math.min(maxBulkBytes, this.windowBytes)), {
      done: ({ records }) => {
        this.#bulk = records;
        const moves = records.some((record) => record.kind === "output" || record.kind === "gap");
        // A log that does not have what its head promised would be asked for ever.
        if (!moves && this.sent < source.ring.end) this.#leap(source, source.ring.end);
        else if (records.length === 0) this.#goTo(from);
        this.pump();
      },
      failed: (error) => this.#later(error),
    });
  }

  /** Bytes are gone up to `to`: the screen is put right by a snapshot, or where there is none, the gap stands alone. */
  #leap(source: Source, to: number): void {
    this.#fetch.ask(() => source.snapshot(), {
      done: (snapshot) => {
        if (snapshot.offset >= to) this.#skipTo(snapshot);
        else this.#tellGap(to);
        this.pump();
      },
      failed: (error) => {
        if (AppError.is(error) && error.code !== "unavailable") {
          this.#tellGap(to);
          this.pump();
          return;
        }
        // The log is asked again, and begins with the same gap.
        this.#bulk = [];
        this.#later(error);
        this.#cursor = { offset: this.sent, mark: -1 };
      },
    });
  }

  #skipTo(snapshot: PtySnapshot): void {
    this.#bulk = [];
    if (snapshot.offset > this.sent) this.#tellGap(snapshot.offset);
    this.#parts = cutSnapshot(snapshot, maxOutputBytes);
  }

  #tellGap(to: number): void {
    this.socket.send({ kind: "gap", from: this.sent, to });
    this.#credit.skipTo(to);
    if (this.#bulk.length === 0) this.#goTo(to);
  }

  #later(error: unknown): void {
    this.log.debug("a viewer's output waits for the log", { error: String(error) });
    this.#fetch.waitThen(() => this.pump());
  }
}
