import { AppError } from "../domain/app-error";
import type { Log } from "../kit/log";
import type { Frame } from "../protocol/byte-frames";
import type { ProcessState } from "../protocol/holder-protocol";
import type { PtyHost, PtyLogSlice, PtyRecord, PtySnapshot, PtyState } from "../terminals/pty-host";
import type { HolderLink } from "./link/holder-link";
import { advance } from "./link/log-cursor";
import { readRecord } from "./link/pty-frames";
import { PtyLink } from "./link/pty-link";

/** One whole frame of output. */
const minWindowBytes = 16 * 1024;
const maxReadBytes = 1024 * 1024;
const maxSnapshotBytes = 64 * 1024 * 1024;
/** The emulator may be that far behind before it can say how the screen looks. */
const emulatorMs = 30_000;

/** The PTY port over a link. `environment` is the clean login environment, sent with every start. */
export function createPtyHost(
  link: HolderLink,
  { environment, log }: { environment: Record<string, string>; log: Log },
): PtyHost {
  const programs = new PtyLink(link, log);
  const learned = (state: ProcessState): PtyState => {
    programs.learn(state);
    return ptyState(state);
  };
  return {
    async open(spec) {
      const env = { ...environment, ...spec.env };
      return learned(await link.request<"open-pty">({ op: "open-pty", ...spec, env }));
    },
    async find(processId) {
      const { process } = await link.request<"find">({ op: "find", processId });
      return process ? learned(process) : null;
    },
    subscribe: (processId, epoch, { offset, windowBytes }, listener) =>
      programs.subscribe({ processId, epoch, offset, windowBytes: Math.max(minWindowBytes, windowBytes) }, listener),
    readLog: (processId, epoch, from, limitBytes) => readLog(link, { processId, epoch, from, limitBytes }),
    snapshot: (processId, epoch) => snapshot(link, { processId, epoch }),
    write: (processId, epoch, input) => programs.write({ processId, epoch }, input),
    async inputOffset(processId, epoch, clientId) {
      const asked = { op: "input-offset", processId, epoch, clientId } as const;
      return (await link.request<"input-offset">(asked)).position;
    },
    resize: (processId, epoch, cols, rows) => resize(link, { processId, epoch, cols, rows }, log),
    async kill(processId, graceMs) {
      const asked = { op: "kill", processId, graceMs } as const;
      await link.request<"kill">(asked, { workMs: graceMs + 5_000 }).catch(unlessUnknown);
    },
    async forget(processId) {
      await link.request<"forget">({ op: "forget", processId }, { workMs: 10_000 }).catch(unlessUnknown);
    },
    state: () => link.state(),
    onState: (listener) => link.onState(listener),
  };
}

type Named = { processId: string; epoch: string };

/** One that is lost with the link is put right by the next: viewers send their size when they attach. */
function resize(link: HolderLink, asked: Named & { cols: number; rows: number }, log: Log): void {
  if (!link.isHere()) return;
  const { answer } = link.begin<"resize">({ op: "resize", ...asked });
  answer.catch((error: unknown) => log.debug("resize was not taken", { processId: asked.processId, error }));
}

async function snapshot(link: HolderLink, named: Named): Promise<PtySnapshot> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const onFrame = ({ payload }: Frame) => {
    length += payload.length;
    if (length > maxSnapshotBytes) throw new Error("a snapshot has no end");
    parts.push(payload);
  };
  const told = await link.request<"snapshot">({ op: "snapshot", ...named }, { workMs: emulatorMs, onFrame });
  return { ...told, bytes: new Uint8Array(Buffer.concat(parts)) };
}

async function readLog(
  link: HolderLink,
  { processId, epoch, from, limitBytes }: Named & { from: number; limitBytes: number },
): Promise<PtyLogSlice> {
  const records: PtyRecord[] = [];
  let offset = from;
  const onFrame = (frame: Frame) => {
    const record = readRecord(frame);
    const next = record && advance(offset, record);
    if (next?.kind === "hole") throw new Error("a part of the log is missing that was not declared gone");
    if (next?.kind !== "given") return;
    offset = next.offset;
    records.push(next.record);
  };
  const asked = { op: "read-log", processId, epoch, from, limitBytes: Math.min(limitBytes, maxReadBytes) } as const;
  const slice = await link.request<"read-log">(asked, { workMs: 20_000, onFrame });
  return { ...slice, records };
}

const ptyState = ({ epoch, cols, rows, tailOffset, headOffset, pid, title, cwd, exit }: ProcessState): PtyState => ({
  ...{ epoch, cols, rows, tailOffset, headOffset, pid, title, cwd, exit },
});

/** A program that the holder does not know is over already. */
function unlessUnknown(error: unknown): void {
  if (!AppError.is(error) || error.code !== "not-found") throw error;
}
