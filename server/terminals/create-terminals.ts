import type { Terminal } from "../domain/terminal";
import { attachViewer } from "./attach-viewer";
import type { Hub } from "./hub";
import { closeTerminal, openTerminal } from "./open-terminal";
import { readOutput } from "./output-log";
import { Room } from "./room";
import { type SessionTerminalsPart, sessionTerminals } from "./session-terminals-part";
import type { TerminalDeps } from "./terminal-deps";
import type { TerminalReading, Terminals } from "./terminals";

export type TerminalsRoom = Terminals &
  SessionTerminalsPart & {
    /** Looks at every terminal of active sessions; what cannot be seen now stays unknown and is looked at again. */
    start(): Promise<void>;
    /** Viewers are told to come back; programs go on. */
    detach(): Promise<void>;
  };

/** The terminals of all sessions: their rows, and a hub for each program that is followed. */
export function createTerminals(deps: TerminalDeps): TerminalsRoom {
  const room = new Room(deps);
  return Object.assign(offer(room, deps), sessionTerminals(room, deps), {
    start: () => room.start(),
    detach: () => room.detach(),
  });
}

/** Closed ones are shown while their log can still be read, and a setup script's once it ran. */
const isShown = ({ kind, closedAt, epoch }: Terminal) => epoch !== null || (kind === "shell" && closedAt === null);
const isListed = (terminal: Terminal) => terminal.kind === "shell" && isShown(terminal);

function offer(room: Room, deps: TerminalDeps): Terminals {
  const { store } = deps;
  return {
    async list(sessionId) {
      return (await store.listBySession(sessionId)).filter(isListed).map((row) => room.read(row));
    },
    async listMany(sessionIds) {
      const readings = new Map<string, TerminalReading[]>(sessionIds.map((id) => [id, []]));
      for (const row of await store.listBySessions(sessionIds)) {
        if (isShown(row)) readings.get(row.sessionId)?.push(room.read(row));
      }
      return readings;
    },
    async get(sessionId, terminalId) {
      return room.read(await room.row(sessionId, terminalId));
    },
    open: (sessionId, wanted) => openTerminal(room, sessionId, wanted),
    async rename(sessionId, terminalId, title) {
      await room.openRow(sessionId, terminalId);
      const renamed = await store.update(terminalId, { title });
      deps.changes.session(sessionId);
      return room.read(renamed);
    },
    async close(sessionId, terminalId) {
      const terminal = await room.openRow(sessionId, terminalId);
      await deps.awaken(sessionId);
      await closeTerminal(room, terminal);
    },
    async restart(sessionId, terminalId) {
      const terminal = await room.openRow(sessionId, terminalId);
      deps.wanted(sessionId);
      await room.hub(terminal).link.restart();
      return room.read(await room.row(sessionId, terminalId));
    },
    async log(...[sessionId, terminalId, from, limit]: Parameters<Terminals["log"]>) {
      const terminal = await room.row(sessionId, terminalId);
      if (terminal.epoch !== null) await deps.awaken(sessionId);
      return readOutput(deps, terminal, { from, limit });
    },
    attach(...[sessionId, terminalId, attach, socket]: Parameters<Terminals["attach"]>) {
      return attachViewer(room, { sessionId, terminalId }, { attach, socket });
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
