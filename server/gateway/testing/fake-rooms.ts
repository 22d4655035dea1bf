import type { Accounts } from "../../accounts/accounts";
import { AppError } from "../../domain/app-error";
import type { Notification } from "../../domain/notification";
import type { Repository } from "../../domain/repository";
import type { User } from "../../domain/user";
import type { Log } from "../../kit/log";
import type { Notifications } from "../../notifications/notifications";
import type { HostState } from "../../sessions/host";
import type { Repositories } from "../../sessions/repositories";
import type { SessionReading, Sessions } from "../../sessions/sessions";
import type { TerminalReading, Terminals } from "../../terminals/terminals";
import type { GatewayDeps } from "../deps";
import type { AnswerStore } from "../http/answer-store";
import { sampleReading, sampleRepository, sampleSession, sampleTerminal, sampleUser } from "./sample-rows";

/** What a test may change under the gateway, and look at behind it. */
export type FakeRooms = ReturnType<typeof fakeRooms>;

const missing = (what: string) => new AppError("not-found", `there is no ${what}`);
const never = () => Promise.reject(new Error("this test does not come here"));

/** The rooms behind the gateway, in memory: small and honest about whose is what. */
export function fakeRooms(now: () => Date = () => new Date()) {
  const rows = {
    repositories: new Map<string, Repository>(),
    sessions: new Map<string, SessionReading>(),
    terminals: new Map<string, TerminalReading>(),
    notifications: [] as Notification[],
    cookies: new Map([["cookie-1", { user: sampleUser, loginId: "login-1" }]]),
    links: new Set(["link-1"]),
    errors: [] as Record<string, unknown>[],
    hostState: { kind: "reachable", seenAt: now() } as HostState,
    notReady: null as string | null,
  };
  const owned = <T>(row: T | undefined, userId: string | undefined, user: User, what: string): T => {
    if (row === undefined || userId !== user.id) throw missing(what);
    return row;
  };
  const repositoryOf = (user: User, id: string) =>
    owned(rows.repositories.get(id), rows.repositories.get(id)?.userId, user, `repository ${id}`);
  const sessionOf = (user: User, id: string) =>
    owned(rows.sessions.get(id), rows.sessions.get(id)?.session.userId, user, `session ${id}`);

  const accounts: Accounts = {
    owner: async () => sampleUser,
    makeSignInToken: async () => ({ token: "link-2", expiresAt: now() }),
    signIn: async (token) =>
      rows.links.delete(token)
        ? { user: sampleUser, cookie: "cookie-1", expiresAt: new Date(2_000_000_000_000) }
        : null,
    signOut: async (loginId) => {
      for (const [cookie, login] of rows.cookies) if (login.loginId === loginId) rows.cookies.delete(cookie);
    },
    byCookie: async (cookie) => {
      const login = rows.cookies.get(cookie);
      return login ? { ...login, by: "cookie" } : null;
    },
    byBearer: async (token) => (token === "token-1" ? { user: sampleUser, by: "token", loginId: null } : null),
    updateUser: async (_id, patch) => ({ ...sampleUser, ...patch }),
  };
  const repositories: Repositories = {
    async add(user, wanted) {
      if ([...rows.repositories.values()].some((row) => row.cloneUrl === wanted.cloneUrl))
        throw new AppError("conflict", "this clone URL is registered already");
      const row = sampleRepository({
        id: `repo-${rows.repositories.size + 1}`,
        userId: user.id,
        cloneUrl: wanted.cloneUrl,
      });
      rows.repositories.set(row.id, row);
      return row;
    },
    list: async (user) => ({
      items: [...rows.repositories.values()].filter((r) => r.userId === user.id),
      nextCursor: null,
    }),
    get: async (user, id) => repositoryOf(user, id),
    async update(user, id, { settings, ...patch }) {
      const row = repositoryOf(user, id);
      const changed = { ...row, ...patch, settings: { ...row.settings, ...settings } };
      rows.repositories.set(id, changed);
      return changed;
    },
    progress: () => null,
    rescues: async () => [],
    remains: async () => ({ rescues: [], unpushedBranches: [], directories: [], token: "t" }),
    async remove(user, id) {
      repositoryOf(user, id);
      rows.repositories.delete(id);
    },
  };
  const sessions: Sessions = {
    async create(user, wanted) {
      repositoryOf(user, wanted.repositoryId);
      const session = sampleSession({ id: `session-${rows.sessions.size + 1}`, repositoryId: wanted.repositoryId });
      const reading = sampleReading({ session, phase: "creating" });
      rows.sessions.set(session.id, reading);
      return reading;
    },
    list: async ({ userId, state }) => ({
      items: [...rows.sessions.values()].filter(
        ({ session, phase }) =>
          session.userId === userId && (state === undefined || (phase === "ended") === (state === "ended")),
      ),
      nextCursor: null,
    }),
    get: async (user, id) => sessionOf(user, id),
    read: async (id) => rows.sessions.get(id) ?? null,
    async rename(user, id, title) {
      const reading = sessionOf(user, id);
      const renamed = { ...reading, session: { ...reading.session, title } };
      rows.sessions.set(id, renamed);
      return renamed;
    },
    look: never,
    end: async (user, id) => ({ outcome: "accepted", reading: { ...sessionOf(user, id), phase: "ending" } }),
    retry: async (user, id) => sessionOf(user, id),
    upload: async (_user, _id, file) => ({ path: `/uploads/${file.name}.${file.bytes.length}` }),
    countActive: async (userId) => {
      const counts = new Map<string, number>();
      for (const { session, phase } of rows.sessions.values())
        if (session.userId === userId && phase !== "ended")
          counts.set(session.repositoryId, (counts.get(session.repositoryId) ?? 0) + 1);
      return [...counts].map(([repositoryId, count]) => ({ repositoryId, count }));
    },
  };
  const terminals: Terminals = {
    list: async (sessionId) => [...rows.terminals.values()].filter(({ terminal }) => terminal.sessionId === sessionId),
    listMany: async (ids) => new Map(await Promise.all(ids.map(async (id) => [id, await terminals.list(id)] as const))),
    get: never,
    open: async (sessionId) => sampleTerminal({ sessionId }),
    rename: async (_session, id, title) => sampleTerminal({ id, title }),
    close: async () => {},
    restart: never,
    log: async (_session, _id, from) => ({ bytes: Buffer.from([0, 255, 10]), offset: from, headOffset: from + 3 }),
    attach: never,
    figures: () => ({ terminals: 1, viewers: 2, ringBytes: 3 }),
  };
  const notifications: Notifications = {
    tell: never,
    list: async () => ({ items: rows.notifications, nextCursor: null }),
    countUnread: async () => rows.notifications.filter(({ readAt }) => readAt === null).length,
    async markRead() {
      rows.notifications = rows.notifications.map((one) => ({ ...one, readAt: one.readAt ?? now() }));
    },
  };
  const host = { kind: "local" as const, state: () => rows.hostState, version: () => "1" };
  const deps: Omit<GatewayDeps, "origin"> = {
    accounts,
    sessions,
    repositories,
    terminals,
    notifications,
    hosts: [host],
    answers: memoryAnswers(),
    notReady: async () => rows.notReady,
    log: logInto(rows.errors),
    now,
  };
  return { rows, deps };
}

function memoryAnswers(): AnswerStore {
  const kept = new Map<string, { hash: string; answer: { status: number; body: unknown } | null }>();
  return {
    async claim(userId, key, requestHash) {
      const found = kept.get(userId + key);
      if (!found) kept.set(userId + key, { hash: requestHash, answer: null });
      if (!found) return { kind: "new" };
      if (found.hash !== requestHash) return { kind: "other-request" };
      return found.answer ? { kind: "answered", answer: found.answer } : { kind: "pending" };
    },
    async finish(userId, key, answer) {
      const found = kept.get(userId + key);
      if (found) found.answer = answer;
    },
    async abandon(userId, key) {
      kept.delete(userId + key);
    },
  };
}

function logInto(errors: Record<string, unknown>[]): Log {
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (message, fields) => void errors.push({ message, ...fields }),
    child: () => log,
  };
  return log;
}
