import { AppError } from "../domain/app-error";
import { chooseReplay } from "./choose-replay";
import type { PtyRecord, PtyState } from "./pty-host";
import type { Source } from "./source";
import type { OutputStart } from "./viewer-output";

const firstSliceBytes = 256 * 1024;

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
  const held = source.sizeAt(offset);
  if (held) return { replay: "resume", offset, size: held, start: { kind: "offset", offset, records: [] } };
  const { records } = await source.readLog(offset, firstSliceBytes);
  return {
    replay: "resume",
    offset,
    size: sizeIn(records, offset) ?? source.size,
    start: { kind: "offset", offset, records },
  };
}

async function fromLog(source: Source): Promise<Beginning> {
  const { records } = await source.readLog(0, firstSliceBytes);
  const size = sizeIn(records, 0) ?? source.sizeAt(0) ?? source.size;
  return { replay: "log", offset: 0, size, start: { kind: "offset", offset: 0, records } };
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
    const from = Math.max(found.tailOffset, gapFrom === null ? found.headOffset - 1024 * 1024 : 0);
    const { records } = await source.readLog(from, firstSliceBytes);
    const start: OutputStart = {
      kind: "offset",
      offset,
      records: [{ kind: "gap", from: offset, to: from }, ...records],
    };
    return { replay: gapFrom === null ? "log" : "resume", offset, size: sizeIn(records, from) ?? source.size, start };
  }
}

function sizeIn(records: PtyRecord[], offset: number): Size | null {
  for (const record of records) {
    if (record.kind === "resized" && record.offset <= offset) return { cols: record.cols, rows: record.rows };
    if (record.kind === "output") return null;
  }
  return null;
}
