import { AppError } from "../domain/app-error";
import type { Terminal } from "../domain/terminal";
import { defaultSize, type Room } from "./room";
import type { TerminalReading } from "./terminals";

/** A new row and its program. What cannot be started is not kept; a host that is away is waited for. */
export async function openTerminal(
  room: Room,
  sessionId: string,
  wanted: { title?: string; command?: string[]; cols?: number; rows?: number },
): Promise<TerminalReading> {
  const session = await room.deps.session(sessionId);
  if (!session) throw new AppError("not-found", "There is no such session.");
  if (session.ended) throw new AppError("conflict", "The session is ended: it opens no more terminals.");
  room.deps.wanted(sessionId);
  const size = { cols: wanted.cols ?? defaultSize.cols, rows: wanted.rows ?? defaultSize.rows };
  const row = { title: wanted.title ?? null, command: wanted.command ?? null, ...size };
  const made = await room.inTurn(sessionId, () => room.makeRow(sessionId, row));
  room.bringLate(made);
  try {
    await room.hub(made).link.start(null);
  } catch (error) {
    if (AppError.is(error) && error.code === "unavailable") return room.read(made);
    await closeRow(room, made, "The program could not be started.");
    throw error;
  }
  return room.read(await room.row(sessionId, made.id));
}

/** Ends the program and throws its log away: nothing of it can be read any more. */
export async function closeTerminal(room: Room, terminal: Terminal): Promise<void> {
  await room.hub(terminal).link.end();
  await closeRow(room, terminal, "This terminal was closed.");
}

async function closeRow(room: Room, { id, sessionId }: Terminal, message: string): Promise<void> {
  const { store, changes, now } = room.deps;
  await store.update(id, { closedAt: now(), epoch: null });
  room.knownHub(id)?.audience.closeAll("closed", message);
  room.forgetHub(id);
  changes.session(sessionId);
}
