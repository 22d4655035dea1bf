import { AppError } from "../domain/app-error";
import type { Terminal } from "../domain/terminal";
import { processIdOf } from "./source";
import type { TerminalDeps } from "./terminal-deps";

const maxSliceBytes = 1024 * 1024;
const maxReadBytes = 16 * 1024 * 1024;
const keepDays = 30;

/** Output from `from` on, up to the limit or the next hole; a `from` that is no longer kept moves up to the tail. */
export async function readOutput(
  deps: TerminalDeps,
  terminal: Terminal,
  { from, limit }: { from: number; limit: number },
): Promise<{ bytes: Uint8Array; offset: number; headOffset: number }> {
  const { epoch } = terminal;
  const session = await deps.session(terminal.sessionId);
  if (epoch === null || !session) return { bytes: new Uint8Array(0), offset: 0, headOffset: 0 };
  const host = deps.ptys(session.host);
  const parts: Uint8Array[] = [];
  let offset = from;
  let next = from;
  const end = () => offset + Math.min(limit, maxReadBytes);
  for (;;) {
    const slice = await host.readLog(processIdOf(terminal), epoch, next, Math.min(maxSliceBytes, end() - next));
    const before = next;
    for (const record of slice.records) {
      if (record.kind === "gap") {
        if (parts.length > 0) return { bytes: Buffer.concat(parts), offset, headOffset: slice.headOffset };
        offset = record.to;
        next = record.to;
      } else if (record.kind === "output") {
        parts.push(record.bytes);
        next += record.bytes.length;
      }
    }
    if (next === before || next >= end()) {
      return { bytes: Buffer.concat(parts), offset: Math.min(offset, slice.headOffset), headOffset: slice.headOffset };
    }
  }
}

/** Logs of sessions that ended long ago go; a host that is away keeps them until it is looked at again. */
export async function forgetOldLogs(deps: TerminalDeps): Promise<void> {
  const before = new Date(deps.now().getTime() - keepDays * 24 * 60 * 60 * 1000);
  for (const terminal of await deps.store.listEndedBefore(before)) {
    const session = terminal.epoch === null ? null : await deps.session(terminal.sessionId);
    if (!session) continue;
    try {
      await deps.ptys(session.host).forget(processIdOf(terminal));
      await deps.store.update(terminal.id, { epoch: null });
    } catch (error) {
      if (!AppError.is(error)) throw error;
      deps.log.info("an old terminal log stays until its host is back", {
        terminalId: terminal.id,
        reason: error.message,
      });
    }
  }
}
