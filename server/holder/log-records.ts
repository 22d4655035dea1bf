import { z } from "zod";
import { exitRecord } from "../protocol/holder-protocol";

/** What stands in the log beside the bytes. A gap is never stored: it is what is missing when read. */
export const storedRecord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("resized"), offset: z.int(), cols: z.int(), rows: z.int() }),
  exitRecord,
]);
export type StoredRecord = z.infer<typeof storedRecord>;
export type Size = { cols: number; rows: number };
type Numbered = { seq: number; record: StoredRecord };

/** More sizes than this between head and tail are thinned out from the oldest: a replay then wraps some old lines anew. */
const maxRecords = 4096;

/** The records of one log in order, each with a number that a reader counts on by. */
export class LogRecords {
  #records: Numbered[] = [];
  #nextSeq = 0;
  #oldest: Size;

  constructor(initial: Size) {
    this.#oldest = initial;
  }

  get all(): StoredRecord[] {
    return this.#records.map(({ record }) => record);
  }

  /** Null while the program runs. */
  get exitOffset(): number | null {
    const last = this.#records.at(-1)?.record;
    return last?.kind === "exit" ? last.offset : null;
  }

  add(record: StoredRecord): void {
    const last = this.#records.at(-1);
    // Of several sizes at one offset only the last can be seen, and a window being dragged sends dozens.
    if (last?.record.kind === "resized" && last.record.offset === record.offset && record.kind === "resized") {
      this.#records.pop();
    }
    this.#records.push({ seq: this.#nextSeq++, record });
    if (this.#records.length > maxRecords) this.#forgetFirst();
  }

  /** The size that held when the byte at `offset` was written. */
  sizeAt(offset: number): Size {
    let size = this.#oldest;
    for (const { record } of this.#records) {
      if (record.offset > offset) break;
      if (record.kind === "resized") size = { cols: record.cols, rows: record.rows };
    }
    return size;
  }

  /** The first number whose record stands at or after `offset`. */
  seqAt(offset: number): number {
    return this.#records.find(({ record }) => record.offset >= offset)?.seq ?? this.#nextSeq;
  }

  from(seq: number): Numbered | undefined {
    const last = this.#records.at(-1);
    // The usual question, once per frame of a live reader: nothing new.
    if (last === undefined || last.seq < seq) return undefined;
    return this.#records.find((entry) => entry.seq >= seq);
  }

  dropBelow(tail: number): void {
    let second = this.#records[1];
    while (second !== undefined && second.record.offset <= tail && this.#records[0]?.record.kind === "resized") {
      this.#forgetFirst();
      second = this.#records[1];
    }
  }

  #forgetFirst(): void {
    const first = this.#records.shift();
    if (first?.record.kind === "resized") this.#oldest = { cols: first.record.cols, rows: first.record.rows };
  }
}
