import { AppError } from "../domain/app-error";
import type { Terminal } from "../domain/terminal";
import type { Hub } from "./hub";
import { LateViewer } from "./late-viewer";
import { readOutput } from "./output-log";
import { defaultSize, Room } from "./room";
import { type SessionTerminalsPart, sessionTerminals } from "./session-terminals-part";
import type { TerminalDeps } from "./terminal-deps";
import type { TerminalReading, Terminals } from "./terminals";

export type TerminalsRoom = Terminals &
  SessionTerminalsPart & {
    /** Looks at every terminal of active sessions; what cannot be seen now stays unknown and is looked at again. */
    start(): Promise<void>;
    /** Viewers are told to come back; programs go on. */
    close(): Promise<void>;
  };

/** The terminals of all sessions: their rows, and a hub for each program that is followed. */
export function createTerminals(deps: TerminalDeps): TerminalsRoom {
  const room = new Room(deps);
  return Object.assign(offer(room, deps), sessionTerminals(room, deps), {
    start: () => room.start(),
    close: () => room.close(),
  });
}

/** Closed ones are listed while their log can still be read. */
const isListed = ({ kind, closedAt, epoch }: Terminal) => kind === "shell" && (closedAt === null || epoch !== null);

function offer(room: Room, deps: TerminalDeps): Terminals {
  const { store } = deps;
  return {
    async list(sessionId) {
      return (await store.listBySession(sessionId)).filter(isListed).map((row) => room.read(row));
    },

    async listMany(sessionIds) {
      const readings = new Map<string, TerminalReading[]>(sessionIds.map((id) => [id, []]));
      for (const row of await store.listBySessions(sessionIds)) {
        if (isListed(row)) readings.get(row.sessionId)?.push(room.read(row));
      }
      return readings;
    },

    async get(sessionId, terminalId) {
      return room.read(await room.row(sessionId, terminalId));
    },

    async open(sessionId, { title = undefined, command = undefined, cols, rows }) {
      const session = await deps.session(sessionId);
      if (!session) throw new AppError("not-found", "There is no such session.");
      if (session.ended) throw new AppError("conflict", "The session is ended: it opens no more terminals.");
      const size = { cols: cols ?? defaultSize.cols, rows: rows ?? defaultSize.rows };
      const made = await room.makeRow(sessionId, { title: title ?? null, command: command ?? null, ...size });
      room.bringLate(made);
      try {
        await room.hub(made).link.start(null);
      } catch (error) {
        // A host that is away, or a worktree in the making, is waited for; what cannot be started is not kept.
        if (AppError.is(error) && error.code === "unavailable") return room.read(made);
        await store.update(made.id, { closedAt: deps.now() });
        room.hub(made).audience.closeAll("closed", "The program could not be started.");
        room.forgetHub(made.id);
        deps.changes.session(sessionId);
        throw error;
      }
      return room.read(await room.row(sessionId, made.id));
    },

    async rename(sessionId, terminalId, title) {
      await room.openRow(sessionId, terminalId);
      const renamed = await store.update(terminalId, { title });
      deps.changes.session(sessionId);
      return room.read(renamed);
    },

    async close(sessionId, terminalId) {
      const terminal = await room.openRow(sessionId, terminalId);
      const hub = room.hub(terminal);
      await hub.link.end();
      await store.update(terminalId, { closedAt: deps.now(), epoch: null });
      hub.audience.closeAll("closed", "This terminal was closed.");
      room.forgetHub(terminalId);
      deps.changes.session(sessionId);
    },

    async restart(sessionId, terminalId) {
      const terminal = await room.openRow(sessionId, terminalId);
      await room.hub(terminal).link.restart();
      return room.read(await room.row(sessionId, terminalId));
    },

    async log(sessionId, terminalId, from, limit) {
      return readOutput(deps, await room.row(sessionId, terminalId), { from, limit });
    },

    async attach(sessionId, terminalId, attach, socket) {
      const rows = await store.listBySession(sessionId);
      const open = rows.filter((row) => !row.closedAt);
      const wanted = open.find((row) => (terminalId === null ? row.kind === "shell" : row.id === terminalId));
      if (wanted) {
        const viewer = room.hub(wanted).attach(attach, socket);
        room.hub(wanted).link.lookUnlessHere();
        return viewer;
      }
      if (terminalId !== null || rows.some((row) => row.kind === "shell")) {
        throw new AppError("not-found", "There is no such terminal in this session.");
      }
      const late: LateViewer = new LateViewer(attach, socket, () => room.stopWaiting(sessionId, late));
      room.waitForFirst(sessionId, late);
      return late;
    },

    figures() {
      const hubs = room.hubs();
      const sum = (of: (hub: Hub) => number) => hubs.reduce((total, hub) => total + of(hub), 0);
      return {
        terminals: hubs.length,
        viewers: sum((hub) => hub.audience.size),
        ringBytes: sum((hub) => hub.ringBytes),
      };
    },
  };
}
