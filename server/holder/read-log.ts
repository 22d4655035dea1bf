import { putOffset } from "../protocol/byte-frames";
import { holderFrame, type LogRecord } from "../protocol/holder-protocol";
import type { ByteAnswer } from "./byte-answer";
import { jsonBytes } from "./frame-pieces";
import type { TerminalLog } from "./terminal-log";

type Asked = { from: number; limitBytes: number };
type To = { answer: ByteAnswer; stream: number; signal: AbortSignal };

/** A slice of the log as it is now: the size at `from`, then at most `limitBytes` of output with its records in order. */
export async function readLog(
  log: TerminalLog,
  { from, limitBytes }: Asked,
  { answer, stream, signal }: To,
): Promise<void> {
  const record = (one: LogRecord) => answer.frame(holderFrame.record, stream, jsonBytes(one));
  const head = log.head;
  let at = Math.min(from, head);
  let left = limitBytes;
  let seq = log.records.seqAt(at);
  record({ kind: "resized", offset: at, ...log.records.sizeAt(at) });
  const recordsHere = () => {
    for (
      let next = log.records.from(seq);
      next !== undefined && next.record.offset <= at;
      next = log.records.from(seq)
    ) {
      seq = next.seq + 1;
      record(next.record);
    }
  };
  while (at < head && left > 0) {
    signal.throwIfAborted();
    recordsHere();
    const upTo = (log.records.from(seq)?.record.offset ?? Number.POSITIVE_INFINITY) - at;
    const limit = Math.min(left, head - at, upTo);
    const read = log.read(at, limit);
    if (read.kind === "gap") {
      record({ kind: "gap", from: at, to: read.to });
      at = read.to;
      continue;
    }
    const bytes = read.kind === "bytes" ? read.bytes : await log.load(at, limit);
    if (read.kind === "end") break;
    const start = at;
    const fill = (view: DataView, part: number) => putOffset(view, 0, start + part);
    answer.data({ type: holderFrame.output, stream }, bytes, { bytes: 8, fill });
    at += bytes.length;
    left -= bytes.length;
  }
  if (at === log.head) recordsHere();
}
