import type { EmulatorPort } from "./emulator-port";
import type { TerminalLog } from "./terminal-log";

const readBytes = 256 * 1024;

/** Draws the screen of a program that an earlier holder had, from what its log still holds. */
export async function replayLog(log: TerminalLog, emulator: EmulatorPort): Promise<void> {
  let behind = false;
  let caughtUp: () => void = () => {};
  let at = log.tail;
  let seq = log.records.seqAt(at);
  emulator.start({
    offset: at,
    ...log.records.sizeAt(at),
    // Its queries were asked long ago, and nobody waits for the answers.
    onParsed: () => {},
    onEvent: () => {},
    onBehind: (now) => {
      behind = now;
      if (!now) caughtUp();
    },
  });
  while (at < log.head) {
    const next = log.records.from(seq);
    if (next !== undefined && next.record.offset <= at) {
      seq = next.seq + 1;
      if (next.record.kind === "resized") emulator.resize(next.record.cols, next.record.rows);
      continue;
    }
    const upTo = next === undefined ? readBytes : next.record.offset - at;
    const read = log.read(at, Math.min(readBytes, upTo));
    if (read.kind === "end") break;
    if (read.kind === "gap") {
      at = read.to;
      continue;
    }
    const bytes = read.kind === "bytes" ? read.bytes : await log.load(at, Math.min(readBytes, upTo));
    emulator.output(bytes);
    at += bytes.length;
    if (behind) {
      await new Promise<void>((resolve) => {
        caughtUp = resolve;
      });
    }
  }
  emulator.finish();
}
