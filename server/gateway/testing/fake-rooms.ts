import type { Accounts } from "../../accounts/accounts";
import { AppError } from "../../domain/app-error";
import type { Channel, Destination } from "../../domain/channel";
import type { Notification, NotificationKind } from "../../domain/notification";
import { defaultRepositorySettings, type Repository } from "../../domain/repository";
import type { User } from "../../domain/user";
import type { Log } from "../../kit/log";
import type { Channels } from "../../notifications/channels";
import type { Notifications } from "../../notifications/notifications";
import type { ForgeReading, Pulls, SessionPulls } from "../../pulls/pulls";
import type { HostFacts, HostState } from "../../sessions/host";
import type { HostBurden, Repositories } from "../../sessions/repositories";
import type { SessionReading, Sessions } from "../../sessions/sessions";
import type { TerminalReading, Terminals } from "../../terminals/terminals";
import type { GatewayDeps, HostDetails } from "../deps";
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
    channels: [] as Channel[],
    destinations: [] as Destination[],
    muted: [] as NotificationKind[],
    pulls: new Map<string, SessionPulls>(),
    forges: [] as ForgeReading[],
    deliveries: [] as { forgeId: string; headers: Record<string, string>; body: Uint8Array }[],
    cookies: new Map([["cookie-1", { user: sampleUser, loginId: "login-1" }]]),
    links: new Set(["link-1"]),
    errors: [] as Record<string, unknown>[],
    hostState: { kind: "reachable", seenAt: now() } as HostState,
    hostDetails: { version: "1", missingRights: [], facts: [] } as HostDetails,
    /** By the repository's id; `any` serves those that are added. Without one there is no cluster. */
    pods: new Map<string, { state: HostState; facts: HostFacts }>(),
    burden: null as HostBurden | null,
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

  const hostOf = ({ id, host }: Repository) => {
    if (host === "local") return { state: rows.hostState, facts: { podName: null, pending: [] } };
    const pod = rows.pods.get(id) ?? rows.pods.get("any");
    if (!pod) throw new AppError("not-available", "this server was given no cluster");
    return pod;
  };

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
        host: wanted.host ?? "local",
        forgeId: wanted.forgeId ?? null,
        settings: { ...defaultRepositorySettings, ...wanted.settings },
      });
      hostOf(row);
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
    hostOf: async (user, id) => hostOf(repositoryOf(user, id)),
    async wakeHost(user, id) {
      const host = hostOf(repositoryOf(user, id));
      if (host.state.kind === "suspended")
        host.state = { kind: "starting", since: now(), detail: "the pod is starting", trouble: null };
      return host;
    },
    async restartHost(user, id, token) {
      const row = repositoryOf(user, id);
      if (row.host === "local") throw new AppError("refused", "this machine is not started again");
      if (rows.burden && token !== "burden-1")
        throw new AppError("conflict", "programs would end", { details: { ...rows.burden, token: "burden-1" } });
      const host = hostOf(row);
      host.state = { kind: "starting", since: now(), detail: "the pod is starting", trouble: null };
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
    list: async ({ userId, state, repositoryId }) => ({
      items: [...rows.sessions.values()].filter(
        ({ session, phase }) =>
          session.userId === userId &&
          (repositoryId === undefined || session.repositoryId === repositoryId) &&
          (state === undefined || (phase === "ended") === (state === "ended")),
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
  const channels: Channels = {
    list: async (user) => rows.channels.filter(({ userId }) => userId === user.id),
    async add(user, { destination, name, loginId }) {
      const told = { userId: user.id, loginId, kind: destination.kind, name, sentAt: null, trouble: null };
      const channel = { ...told, id: `channel-${rows.channels.length + 1}`, addressHash: "00", createdAt: now() };
      rows.channels.push(channel);
      rows.destinations.push(destination);
      return channel;
    },
    async remove(user, id) {
      const row = rows.channels.find((one) => one.id === id);
      owned(row, row?.userId, user, `channel ${id}`);
      rows.channels = rows.channels.filter((one) => one.id !== id);
    },
    test: async (user, id) => {
      const row = rows.channels.find((one) => one.id === id);
      return { ...owned(row, row?.userId, user, `channel ${id}`), sentAt: now() };
    },
    muted: async () => rows.muted,
    async mute(_user, kinds) {
      rows.muted = [...kinds];
    },
    pushKey: async () => "push-key",
  };
  const pulls: Pulls = {
    troubleOf: async () => null,
    readMany: async (ids) =>
      new Map(ids.flatMap((id) => (rows.pulls.has(id) ? [[id, rows.pulls.get(id) as SessionPulls]] : []))),
    ...{
      openOf: never,
      draft: never,
      forAdoption: never,
      link: never,
      open: never,
      unlink: never,
      merge: never,
      retarget: never,
      update: never,
      requestReview: never,
    },
    ...{
      refresh: never,
      doneWithNudge: never,
      addForge: never,
      changeForge: never,
      checkForge: never,
      removeForge: never,
    },
    registerWebhook: never,
    forges: async () => rows.forges,
    async deliver(forgeId, delivery) {
      rows.deliveries.push({ forgeId, ...delivery });
      return forgeId === "forge-1" && delivery.headers["x-gitea-signature"] === "signed";
    },
  };
  const host = { kind: "local" as const, state: () => rows.hostState, look: async () => rows.hostDetails };
  const deps: Omit<GatewayDeps, "origin"> = {
    accounts,
    sessions,
    repositories,
    terminals,
    notifications,
    channels,
    pulls,
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
