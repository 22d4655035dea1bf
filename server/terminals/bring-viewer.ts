import type { Audience } from "./audience";
import type { HubViewer } from "./hub-viewer";
import { type Beginning, prepareBeginning } from "./prepare-beginning";
import type { ProgramState } from "./program-link";
import type { InputOffset, Source } from "./source";
import { hostName } from "./viewer-input";

type Brought =
  | { kind: "attached" }
  /** Overtaken by something newer. */
  | { kind: "stale" }
  /** The host has another program there now: it must be looked at. */
  | { kind: "other-program" };

/** Takes a viewer to a program: its `attached`, and then what it has not seen. Rejects while the host cannot be asked. */
export async function bringViewer(viewer: HubViewer, source: Source, audience: Audience): Promise<Brought> {
  const isNewest = viewer.attempt();
  const { source: former, sent } = viewer.output;
  if (former === source) {
    viewer.output.whenClear(() => {
      if (isNewest()) goOn(viewer, source, audience);
    });
    return { kind: "attached" };
  }
  const names = (generation: number) => hostName(viewer.clientId, generation);
  const [found, inputOffset] = await Promise.all([source.find(), source.inputOffset(names)]);
  if (!isNewest()) return { kind: "stale" };
  if (found?.epoch !== source.epoch) return { kind: "other-program" };
  const wanted = former?.epoch === source.epoch ? { epoch: source.epoch, offset: sent } : viewer.wanted;
  const beginning = await prepareBeginning(source, found, wanted);
  if (!isNewest()) return { kind: "stale" };
  viewer.output.whenClear(() => {
    if (isNewest()) begin(viewer, source, { audience, beginning, inputOffset, head: found.headOffset });
  });
  return { kind: "attached" };
}

/** The same program on the same socket: nothing of its output was missed, and its input goes on where it was. */
export function goOn(viewer: HubViewer, source: Source, audience: Audience): void {
  const { output, input } = viewer;
  if (viewer.phase === "waiting") {
    viewer.phase = "attached";
    input.goOn();
    viewer.tell({ kind: "state", state: "here", reason: null });
  }
  const headOffset = Math.max(source.ring.end, output.sent);
  const told = { epoch: source.epoch, offset: output.sent, headOffset, ...output.size, inputOffset: input.expected };
  viewer.tell({ kind: "attached", ...told, role: audience.roleOf(viewer), replay: "resume" });
  audience.tellPresence(viewer);
  output.again();
}

function begin(
  viewer: HubViewer,
  source: Source,
  from: { audience: Audience; beginning: Beginning; inputOffset: InputOffset | null; head: number },
): void {
  const { output, input } = viewer;
  const { replay, offset, size, start } = from.beginning;
  const former = output.source;
  if (former?.epoch === source.epoch) input.goOn();
  else input.begin(from.inputOffset, former ? "ignore" : "hold");
  viewer.phase = "attached";
  viewer.wanted = { epoch: null, offset: null };
  viewer.tell({ kind: "state", state: "here", reason: null });
  const inputOffset = former?.epoch === source.epoch ? input.expected : (from.inputOffset?.position ?? null);
  const told = { epoch: source.epoch, offset, headOffset: Math.max(from.head, source.ring.end), ...size, inputOffset };
  viewer.tell({ kind: "attached", ...told, role: from.audience.roleOf(viewer), replay });
  from.audience.tellPresence(viewer);
  output.begin(source, start, size);
}

/** A program whose log is gone: all that can be told is what is missing, and how it ended. */
export function tellGone(
  viewer: HubViewer,
  { epoch, exit }: Extract<ProgramState, { kind: "gone" }>,
  audience: Audience,
): void {
  const { source, sent } = viewer.output;
  const had = source ? { epoch: source.epoch, offset: sent } : viewer.wanted;
  const resumes = had.epoch === epoch && had.offset !== null && had.offset <= exit.offset;
  const offset = resumes ? (had.offset ?? 0) : 0;
  viewer.attempt();
  viewer.output.stop();
  viewer.phase = "attached";
  viewer.tell({ kind: "state", state: "here", reason: null });
  const told = { epoch, offset, headOffset: exit.offset, ...viewer.size, inputOffset: null };
  viewer.tell({ kind: "attached", ...told, role: audience.roleOf(viewer), replay: resumes ? "resume" : "log" });
  audience.tellPresence(viewer);
  if (offset < exit.offset) viewer.tell({ kind: "gap", from: offset, to: exit.offset });
  const { code, signal, reason } = exit;
  viewer.tell({ kind: "exit", offset: exit.offset, exit: { code, signal, reason } });
}
