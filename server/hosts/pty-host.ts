import { AppError } from "../domain/app-error";
import type { Log } from "../kit/log";
import type { Frame } from "../protocol/byte-frames";
import { holderFrame, type ProcessState } from "../protocol/holder-protocol";
import type { PtyHost, PtyLogSlice, PtyRecord, PtyState } from "../terminals/pty-host";
import { Handles, processKey } from "./link/handles";
import type { HolderLink } from "./link/holder-link";
import { Inputs } from "./link/inputs";
import { advance } from "./link/log-cursor";
import { readEvent, readInputAck, readRecord } from "./link/pty-frames";
import { Subscriptions } from "./link/subscriptions";

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
  const handles = new Handles();
  const inputs = new Inputs(link, handles);
  const looking = new Set<string>();
  const learn = (state: ProcessState): PtyState => {
    if (handles.learn(state)) inputs.resume(processKey(state.processId, state.epoch));
    return ptyState(state);
  };
  const subscriptions = new Subscriptions(link, { state: learn, over: (key) => inputs.forget(key), log });

  /** Input needs the program's handle; a program that is gone takes its input with it. */
  const lookFor = async (key: string, processId: string): Promise<void> => {
    if (looking.has(key) || handles.handleOf(key) !== undefined || !link.isHere()) return;
    looking.add(key);
    try {
      const { process } = await link.begin<"find">({ op: "find", processId }).answer;
      if (process) learn(process);
      if (!process || processKey(processId, process.epoch) !== key) inputs.forget(key);
    } catch (error) {
      log.debug("input waits for the host", { processId, error });
    } finally {
      looking.delete(key);
    }
  };

  link.attach({
    here(sameHolder) {
      subscriptions.here();
      for (const { key, processId } of inputs.waiting()) {
        if (sameHolder) void lookFor(key, processId);
        else inputs.forget(key);
      }
    },
    away() {
      handles.clear();
      looking.clear();
      inputs.away();
      subscriptions.away();
    },
    frame(frame) {
      const key = handles.keyOf(frame.stream);
      if (frame.type === holderFrame.event && key !== undefined) {
        subscriptions.event(key, readEvent(frame));
      } else if (frame.type === holderFrame.inputAck && key !== undefined) {
        const { clientId, position } = readInputAck(frame);
        inputs.acked(key, clientId, position);
        subscriptions.inputAck(key, clientId, position);
      } else {
        const record = readRecord(frame);
        if (record) subscriptions.record(frame.stream, record);
      }
    },
  });

  return {
    async open(spec) {
      const env = { ...environment, ...spec.env };
      return learn(await link.request<"open-pty">({ op: "open-pty", ...spec, env }));
    },
    async find(processId) {
      const { process } = await link.request<"find">({ op: "find", processId });
      return process ? learn(process) : null;
    },
    subscribe(processId, epoch, { offset, windowBytes }, listener) {
      const wanted = { processId, epoch, offset, windowBytes: Math.max(minWindowBytes, windowBytes) };
      return subscriptions.add(wanted, listener);
    },
    readLog: (processId, epoch, from, limitBytes) => readLog(link, { processId, epoch, from, limitBytes }),
    async snapshot(processId, epoch) {
      const parts: Uint8Array[] = [];
      let length = 0;
      const onFrame = ({ payload }: Frame) => {
        length += payload.length;
        if (length > maxSnapshotBytes) throw new Error("a snapshot has no end");
        parts.push(payload);
      };
      const snapshot = await link.request<"snapshot">(
        { op: "snapshot", processId, epoch },
        { workMs: emulatorMs, onFrame },
      );
      return { ...snapshot, bytes: new Uint8Array(Buffer.concat(parts)) };
    },
    write(processId, epoch, { clientId, position, bytes }) {
      const key = processKey(processId, epoch);
      inputs.write({ key, processId, clientId }, position, bytes);
      void lookFor(key, processId);
    },
    async inputOffset(processId, epoch, clientId) {
      const asked = { op: "input-offset", processId, epoch, clientId } as const;
      return (await link.request<"input-offset">(asked)).position;
    },
    resize(processId, epoch, cols, rows) {
      if (!link.isHere()) return;
      link
        .begin<"resize">({ op: "resize", processId, epoch, cols, rows })
        .answer.catch((error: unknown) => log.debug("resize was not taken", { processId, error }));
    },
    async kill(processId, graceMs) {
      await link.request<"kill">({ op: "kill", processId, graceMs }, { workMs: graceMs + 5_000 }).catch(unlessUnknown);
    },
    async forget(processId) {
      await link.request<"forget">({ op: "forget", processId }, { workMs: 10_000 }).catch(unlessUnknown);
    },
    state: () => link.state(),
    onState: (listener) => link.onState(listener),
  };
}

async function readLog(
  link: HolderLink,
  { processId, epoch, from, limitBytes }: { processId: string; epoch: string; from: number; limitBytes: number },
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
