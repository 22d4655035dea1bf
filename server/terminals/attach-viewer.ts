import { AppError } from "../domain/app-error";
import { LateViewer } from "./late-viewer";
import type { Room } from "./room";
import type { Viewer, ViewerAttach, ViewerSocket } from "./terminals";

/** One viewer on the terminal it names, or on the session's first; before there is one, it is kept waiting for that. */
export async function attachViewer(
  room: Room,
  { sessionId, terminalId }: { sessionId: string; terminalId: string | null },
  { attach, socket }: { attach: ViewerAttach; socket: ViewerSocket },
): Promise<Viewer> {
  room.deps.wanted(sessionId);
  const rows = await room.deps.store.listBySession(sessionId);
  const open = rows.filter((row) => !row.closedAt);
  const wanted = open.find((row) => (terminalId === null ? row.kind === "shell" : row.id === terminalId));
  if (wanted) {
    const hub = room.hub(wanted);
    const viewer = hub.attach(attach, socket);
    hub.link.lookUnlessHere();
    return viewer;
  }
  if (terminalId !== null || rows.some((row) => row.kind === "shell")) {
    throw new AppError("not-found", "There is no such terminal in this session.");
  }
  const late: LateViewer = new LateViewer(attach, socket, () => room.stopWaiting(sessionId, late));
  room.waitForFirst(sessionId, late);
  return late;
}
