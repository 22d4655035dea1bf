import { AppError } from "../domain/app-error";
import { chooseReplay } from "./choose-replay";
import type { PtyLogSlice, PtyRecord, PtyState } from "./pty-host";
import type { Source } from "./source";
import type { OutputStart } from "./viewer-output";

const firstSliceBytes = 256 * 1024;
const lastResortBytes = 1024 * 1024;

type Size = { cols: number; rows: number };
export type Beginning = {
  replay: "resume" | "log" | "snapshot";
  /** Where output goes on, and the size that holds there. */
  offset: number;
  size: Size;
  start: OutputStart;
};

/** Looks up what a viewer is given first. Nothing is sent yet, so all of it may be thrown away. */
export async function prepareBeginning(
  source: Source,
  found: PtyState,
  wanted: { epoch: string | null; offset: number | null },
): Promise<Beginning> {
  const replay = chooseReplay(wanted, found);
  switch (replay.kind) {
    case "resume":
      return resumeAt(source, replay.offset);
    case "log":
      return fromLog(source);
    case "snapshot":
      return fromSnapshot(source, found, replay.gapFrom);
  }
}

async function resumeAt(source: Source, offset: number): Promise<Beginning> {
  const size = source.sizeAt(offset);
  if (size) return { replay: "resume", offset, size, start: { kind: "offset", offset, records: [] } };
  return { replay: "resume", ...fromSlice(source, offset, await source.readLog(offset, firstSliceBytes)) };
}

async function fromLog(source: Source): Promise<Beginning> {
  return { replay: "log", ...fromSlice(source, 0, await source.readLog(0, firstSliceBytes)) };
}

/** Where there is no emulator any more, the log is all there is: from its tail, which says what is missing. */
async function fromSnapshot(source: Source, found: PtyState, gapFrom: number | null): Promise<Beginning> {
  try {
    const snapshot = await source.snapshot();
    const size = { cols: snapshot.cols, rows: snapshot.rows };
    return { replay: "snapshot", offset: snapshot.offset, size, start: { kind: "snapshot", snapshot, gapFrom } };
  } catch (error) {
    if (!AppError.is(error) || error.code === "unavailable") throw error;
    const offset = gapFrom ?? 0;
    const from = Math.max(found.tailOffset, gapFrom === null ? found.headOffset - lastResortBytes : 0);
    const { size, start } = fromSlice(source, from, await source.readLog(from, firstSliceBytes));
    const records: PtyRecord[] = [{ kind: "gap", from: offset, to: from }, ...start.records];
    return { replay: gapFrom === null ? "log" : "resume", offset, size, start: { kind: "offset", offset, records } };
  }
}

/** What the slice says about the size at its beginning is told with `attached`, and not again. */
function fromSlice(source: Source, offset: number, { records }: PtyLogSlice) {
  const isSize = (record: PtyRecord) => record.kind === "resized" && record.offset <= offset;
  const first = records.findIndex((record) => !isSize(record));
  const sizes = records.slice(0, first === -1 ? records.length : first);
  const last = sizes.at(-1);
  const size = last?.kind === "resized" ? { cols: last.cols, rows: last.rows } : (source.sizeAt(offset) ?? source.size);
  return { offset, size, start: { kind: "offset" as const, offset, records: records.slice(sizes.length) } };
}
