import { type AccountsOptions, createAccounts } from "../accounts/create-accounts";
import { hostRefOf } from "../domain/host";
import type { Session } from "../domain/session";
import type { Changes } from "../kit/changes";
import type { Log } from "../kit/log";
import { createNotifications } from "../notifications/create-notifications";
import { createRepositories } from "../sessions/create-repositories";
import { createSessions } from "../sessions/create-sessions";
import { createClones } from "../sessions/repositories/clones";
import type { SessionDeps } from "../sessions/session-deps";
import type { Store } from "../store/open-store";
import { createTerminals } from "../terminals/create-terminals";
import type { TerminalSession } from "../terminals/terminal-deps";
import type { Hosts } from "./create-hosts";
import { sessionWork } from "./session-work";
import { tellProgramEnded } from "./tell-program-ended";
import { wireChannels } from "./wire-channels";
import { wirePulls } from "./wire-pulls";

type Around = {
  store: Store;
  hosts: Hosts;
  changes: Changes;
  log: Log;
  now(): Date;
  /** Aborted when loops are to end. */
  signal: AbortSignal;
  owner: AccountsOptions["owner"];
  apiToken: string;
  pollSeconds: number;
  /** Known once the server listens; empty before. */
  origin(): string;
};

export type Rooms = ReturnType<typeof wireRooms>;

/** The core rooms, and what crosses between them: a session asks for its terminals, a room tells a person. */
export function wireRooms({ store, hosts, changes, log, now, signal, owner, apiToken, ...around }: Around) {
  const accounts = createAccounts({ store: store.accounts, owner, apiToken, now });
  const channels = wireChannels({ store, log, now, signal, origin: around.origin });
  const notifications = createNotifications({ store: store.notifications, channels, changes, now });

  const factsOf = (session: Session) => hosts.host(hostRefOf(session)).facts();
  const terminals = createTerminals({
    store: store.terminals,
    ptys: hosts.ptys,
    session: (id) => terminalSession(store, id),
    activeSessions: async () => (await store.sessions.listUnfinished()).map(({ id }) => id),
    wanted: (id) => sessions.wanted(id),
    awaken: (id) => sessions.awaken(id),
    urlSeen: (id, url) => pulls.printed(id, url),
    programEnded: (terminal) =>
      tellProgramEnded(terminal, { sessions: store.sessions, facts: factsOf, notifications, log }),
    ...{ changes, log, now, signal },
  });

  const deps: SessionDeps = {
    sessions: store.sessions,
    worktrees: store.worktrees,
    losses: store.losses,
    repositories: store.repositories,
    host: hosts.host,
    defaultHost: hosts.defaultHost,
    onHostState: hosts.onState,
    here: hosts.here,
    terminals,
    identity: async (userId) => (await store.accounts.getUser(userId)) ?? owner,
    runningTurns: async () => [],
    tell: async (message) => void (await notifications.tell(message)),
    changes,
    log,
    now,
    signal,
  };
  const clones = createClones(deps);
  const sessions = createSessions(deps, clones);
  const work = sessionWork(store, sessions);
  const pulls = wirePulls({ ...around, ...{ store, work, notifications, changes, log, now, signal } });
  return {
    accounts,
    notifications,
    channels,
    terminals,
    clones,
    repositories: createRepositories(deps, clones),
    sessions: {
      ...sessions,
      async create(...asked: Parameters<typeof sessions.create>) {
        const made = await sessions.create(...asked);
        pulls.wake(made.session.repositoryId);
        return made;
      },
    },
    pulls,
  };
}

/** Where a terminal's program starts, and with what. */
async function terminalSession(store: Store, id: string): Promise<TerminalSession | null> {
  const session = await store.sessions.get(id);
  if (!session) return null;
  const [worktree, repository] = await Promise.all([
    store.worktrees.getBySession(id),
    store.repositories.get(session.repositoryId),
  ]);
  return {
    userId: session.userId,
    host: hostRefOf(session),
    cwd: worktree?.madeAt && !worktree.setAsidePath ? worktree.path : null,
    env: repository?.settings.env ?? {},
    ended: session.wanted === "ended",
  };
}
