import { assertNever } from "../../domain/assert-never";
import type { PtyRecord } from "../../terminals/pty-host";

export type Advance =
  | { kind: "given"; record: PtyRecord; offset: number }
  /** All of it was given before. */
  | { kind: "known" }
  /** Bytes are missing that nobody declared gone. */
  | { kind: "hole" };

/** What a reader that stands at `offset` gets of the next record: only what is new to it, and never past a hole. */
export function advance(offset: number, record: PtyRecord): Advance {
  switch (record.kind) {
    case "output": {
      if (record.offset > offset) return { kind: "hole" };
      const bytes = record.bytes.subarray(offset - record.offset);
      if (bytes.length === 0) return { kind: "known" };
      return { kind: "given", record: { kind: "output", offset, bytes }, offset: offset + bytes.length };
    }
    case "gap":
      if (record.from > offset) return { kind: "hole" };
      if (record.to <= offset) return { kind: "known" };
      return { kind: "given", record: { kind: "gap", from: offset, to: record.to }, offset: record.to };
    case "resized":
      if (record.offset > offset) return { kind: "hole" };
      if (record.offset < offset) return { kind: "known" };
      return { kind: "given", record, offset };
    case "exit":
      if (record.offset > offset) return { kind: "hole" };
      // Below the reader, a holder was killed before it had kept what the reader has: the program is over all the same.
      return { kind: "given", record: { ...record, offset }, offset };
    default:
      return assertNever(record);
  }
}
