import type { ProcessExit, Terminal } from "../domain/terminal";
import type { Room } from "./room";
import { tailOf } from "./tail-of";
import type { TerminalDeps } from "./terminal-deps";

/** What a session asks of its terminals; all of it may be repeated. */
export type SessionTerminalsPart = {
  ensureFirst(sessionId: string, cwd: string): Promise<void>;
  ensureSetup(
    sessionId: string,
    setup: { script: string; cwd: string; env: Record<string, string>; attempt: number },
  ): Promise<{ state: "running" } | { state: "over"; exit: ProcessExit; tail: string }>;
  viewers(sessionId: string): number;
  rest(sessionId: string, busy: ReadonlySet<string>): Promise<void>;
  goOn(sessionId: string): Promise<void>;
  closeAll(sessionId: string): Promise<void>;
};

export function sessionTerminals(room: Room, deps: TerminalDeps): SessionTerminalsPart {
  return {
    async ensureFirst(sessionId, cwd) {
      const first = await room.inTurn(sessionId, async () => {
        const rows = (await deps.store.listBySession(sessionId)).filter((row) => row.kind === "shell");
        return rows[0] ?? (await room.makeRow(sessionId, { position: 0 }));
      });
      if (first.closedAt) return; // a person closed it: it was there
      room.bringLate(first);
      await room.hub(first).link.start({ cwd, env: {} });
    },

    async ensureSetup(sessionId, { script, cwd, env, attempt }) {
      const terminal = await room.inTurn(sessionId, () => setupRow(room, deps, { sessionId, script, attempt }));
      const hub = room.hub(terminal);
      await hub.link.start({ cwd, env });
      const started = (await deps.store.get(terminal.id)) ?? terminal;
      if (!started.exit) return { state: "running" };
      const { code, signal, reason } = started.exit;
      return { state: "over", exit: { code, signal, reason }, tail: await tailOf(deps, started, started.exit.offset) };
    },

    viewers: (sessionId) => room.viewers(sessionId),
    ...rests(room, deps),

    async closeAll(sessionId) {
      for (const { socket } of room.lateViewers(sessionId)) socket.close("session-ended", "The session is ended.");
      for (const row of await deps.store.listBySession(sessionId)) {
        room.knownHub(row.id)?.audience.closeAll("session-ended", "The session is ended.");
        room.forgetHub(row.id);
        if (!row.closedAt) await deps.store.update(row.id, { closedAt: deps.now() });
      }
      deps.changes.session(sessionId);
    },
  };
}

/** Which shells are to be started again stands in their rows: a server that dies meanwhile finds it there. */
function rests(room: Room, deps: TerminalDeps): Pick<SessionTerminalsPart, "rest" | "goOn"> {
  return {
    async rest(sessionId, busy) {
      for (const row of await deps.store.listBySession(sessionId)) {
        const runs = row.kind === "shell" && row.closedAt === null && row.epoch !== null && row.exit === null;
        if (!runs || busy.has(row.id)) continue;
        room.hub(row).link.resting = true;
        await deps.store.update(row.id, { restedAt: deps.now() });
      }
    },
    async goOn(sessionId) {
      for (const row of await deps.store.listBySession(sessionId)) {
        if (row.restedAt === null) continue;
        const { link } = room.hub(row);
        link.resting = false;
        link.look();
      }
    },
  };
}

/** bash where there is one, for that is what people write; the attempt is the last word, and names the process. */
const setupCommand = (script: string, attempt: number): string[] => [
  "/bin/sh",
  "-c",
  'if command -v bash >/dev/null 2>&1; then exec bash -e -c "$1" setup; else exec /bin/sh -e -c "$1" setup; fi',
  "setup",
  script,
  String(attempt),
];

async function setupRow(
  room: Room,
  deps: TerminalDeps,
  { sessionId, script, attempt }: { sessionId: string; script: string; attempt: number },
): Promise<Terminal> {
  const known = (await deps.store.listBySession(sessionId)).find((row) => row.kind === "setup");
  const command = setupCommand(script, attempt);
  if (!known) return room.makeRow(sessionId, { kind: "setup", title: "Setup", command });
  if (known.command?.at(-1) === String(attempt)) return known;
  room.knownHub(known.id)?.audience.closeAll("restarting", "The setup script runs again.");
  room.forgetHub(known.id);
  return deps.store.update(known.id, { command, epoch: null, exit: null, restedAt: null, closedAt: null });
}
