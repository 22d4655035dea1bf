import type { ProcessExit } from "../domain/terminal";
import type { PtyRecord } from "../terminals/pty-host";

/** A place in the log: the next byte, and the next record among those that stand at that byte. */
export type LogCursor = { offset: number; sequence: number };

/** The numbered log of one program in memory, for fakes. */
export class MemoryLog {
  #records: PtyRecord[] = [];
  readonly #sizes: { offset: number; cols: number; rows: number }[] = [];
  /** Sequence number of the first record kept. */
  #first = 0;
  tailOffset = 0;
  headOffset = 0;

  output(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#records.push({ kind: "output", offset: this.headOffset, bytes: bytes.slice() });
    this.headOffset += bytes.length;
  }

  resized(cols: number, rows: number): void {
    this.#records.push({ kind: "resized", offset: this.headOffset, cols, rows });
    this.#sizes.push({ offset: this.headOffset, cols, rows });
  }

  exit(exit: ProcessExit): void {
    this.#records.push({ kind: "exit", offset: this.headOffset, exit });
  }

  /** Throws away all but the last `keepBytes` of output. */
  overflow(keepBytes: number): void {
    const tail = Math.max(this.tailOffset, this.headOffset - keepBytes);
    const kept = this.#records.flatMap((record) => cutBelow(record, tail));
    this.#first += this.#records.length - kept.length;
    this.#records = kept;
    this.tailOffset = tail;
  }

  /** What holds at this byte. */
  sizeAt(offset: number): PtyRecord {
    const { cols, rows } = this.#sizes.findLast((size) => size.offset <= offset) ?? { cols: 80, rows: 24 };
    return { kind: "resized", offset, cols, rows };
  }

  cursorAt(offset: number): LogCursor {
    const index = this.#records.findIndex((record) => endOf(record) > offset || isMarkAt(record, offset));
    return { offset, sequence: this.#first + (index === -1 ? this.#records.length : index) };
  }

  /** The records from the cursor on, at most `limitBytes` of output, and the cursor behind them. */
  read(from: LogCursor, limitBytes: number): { records: PtyRecord[]; next: LogCursor } {
    const records: PtyRecord[] = [];
    let { offset, sequence } = from;
    let left = limitBytes;
    if (offset < this.tailOffset) {
      records.push({ kind: "gap", from: offset, to: this.tailOffset });
      offset = this.tailOffset;
    }
    sequence = Math.max(sequence, this.#first);
    for (const record of this.#records.slice(sequence - this.#first)) {
      if (record.kind !== "output") {
        records.push(record);
      } else {
        if (left === 0) break;
        const bytes = record.bytes.slice(offset - record.offset, offset - record.offset + left);
        if (bytes.length > 0) records.push({ kind: "output", offset, bytes });
        offset += bytes.length;
        left -= bytes.length;
        if (offset < endOf(record)) break;
      }
      sequence += 1;
    }
    return { records, next: { offset, sequence } };
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#records.map((record) => (record.kind === "output" ? record.bytes : new Uint8Array(0))));
  }
}

const isMarkAt = (record: PtyRecord, offset: number) => record.kind !== "output" && endOf(record) >= offset;

function endOf(record: PtyRecord): number {
  if (record.kind === "gap") return record.to;
  return record.kind === "output" ? record.offset + record.bytes.length : record.offset;
}

function cutBelow(record: PtyRecord, tail: number): PtyRecord[] {
  if (record.kind !== "output") return endOf(record) >= tail ? [record] : [];
  if (endOf(record) <= tail) return [];
  if (record.offset >= tail) return [record];
  return [{ kind: "output", offset: tail, bytes: record.bytes.slice(tail - record.offset) }];
}
