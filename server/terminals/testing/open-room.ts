import { randomUUID } from "node:crypto";
import type { Terminal } from "../../domain/terminal";
import { EchoPtyHost } from "../../fakes/echo-pty-host";
import { MemoryTerminals } from "../../fakes/memory-terminals";
import type { Log } from "../../kit/log";
import { createTerminals } from "../create-terminals";
import type { PtyHost } from "../pty-host";
import type { TerminalSession } from "../terminal-deps";
import { TestViewer, type TestViewerOptions } from "./test-viewer";

type RoomOptions = { cwd?: string; store?: MemoryTerminals };

/** A terminals room over the host in memory, with one active session. */
export const openRoom = (options: RoomOptions = {}) => openRoomOver(new EchoPtyHost(), options);

export function openRoomOver<Host extends PtyHost>(ptys: Host, options: RoomOptions) {
  const store = options.store ?? new MemoryTerminals();
  const abort = new AbortController();
  const ended: Terminal[] = [];
  const errors: unknown[] = [];
  const wanted: string[] = [];
  const awoken: string[] = [];
  const urls: string[] = [];
  const clock = { aheadMs: 0 };
  const sessionId = randomUUID();
  const session: TerminalSession = {
    userId: "user",
    host: { kind: "local" },
    cwd: options.cwd ?? "/worktree",
    env: { FROM_SETTINGS: "yes" },
    ended: false,
  };
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (message, fields) => errors.push([message, fields]),
    child: () => log,
  };
  const make = () =>
    createTerminals({
      store,
      ptys: () => ptys,
      session: async (id) => (id === sessionId ? session : null),
      activeSessions: async () => [sessionId],
      changes: { session: () => {}, repository: () => {}, notification: () => {} },
      wanted: (id) => wanted.push(id),
      async awaken(id) {
        awoken.push(id);
        await fixture.wake();
      },
      programEnded: (terminal) => ended.push(terminal),
      urlSeen: (id, url) => urls.push(`${id} ${url}`),
      log,
      now: () => new Date(Date.now() + clock.aheadMs),
      signal: abort.signal,
    });
  const fixture = {
    ...{ ptys, store, session, sessionId, ended, wanted, awoken, urls, errors, clock, log },
    room: make(),
    /** How the host comes up for one who waits for it; it is up at first. */
    wake: async () => {},
    /** As a server that was killed: nothing is closed, and another one begins. */
    restartServer() {
      fixture.room = make();
    },
    async attach(viewer: TestViewer, terminalId: string | null = null) {
      await viewer.attach((attach) => fixture.room.attach(sessionId, terminalId, attach, viewer));
      return viewer;
    },
    view: (viewing: TestViewerOptions = {}, terminalId: string | null = null) =>
      fixture.attach(new TestViewer(viewing), terminalId),
    /** The session's first terminal, running. */
    async first() {
      await fixture.room.ensureFirst(sessionId, session.cwd ?? "");
      const [reading] = await fixture.room.list(sessionId);
      if (!reading) throw new Error("a session has a first terminal");
      return reading.terminal.id;
    },
    async close() {
      await fixture.room.detach();
      abort.abort();
    },
  };
  return fixture;
}
