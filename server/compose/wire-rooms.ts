import { type AccountsOptions, createAccounts } from "../accounts/create-accounts";
import { AppError } from "../domain/app-error";
import type { HostKind } from "../domain/repository";
import type { LocalHost } from "../hosts/local/local-host";
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
import { tellProgramEnded } from "./tell-program-ended";

type Around = {
  store: Store;
  local: LocalHost;
  changes: Changes;
  log: Log;
  now(): Date;
  /** Aborted when loops are to end. */
  signal: AbortSignal;
  owner: AccountsOptions["owner"];
  apiToken: string;
};

export type Rooms = ReturnType<typeof wireRooms>;

/** The core rooms, and what crosses between them: a session asks for its terminals, a room tells a person. */
export function wireRooms({ store, local, changes, log, now, signal, owner, apiToken }: Around) {
  const accounts = createAccounts({ store: store.accounts, owner, apiToken, now });
  const notifications = createNotifications({ store: store.notifications, changes, now });
  const only = <T>(kind: HostKind, of: T): T => {
    if (kind === "local") return of;
    throw new AppError("not-available", `This server has no host of the kind ${kind} yet.`);
  };

  const terminals = createTerminals({
    store: store.terminals,
    ptys: (kind) => only(kind, local.ptys),
    session: (id) => terminalSession(store, id),
    activeSessions: async () => (await store.sessions.listUnfinished()).map(({ id }) => id),
    changes,
    programEnded(terminal) {
      tellProgramEnded(terminal, { sessions: store.sessions, notifications }).catch((error: unknown) =>
        log.error("a person could not be told that a program ended", { terminalId: terminal.id, error }),
      );
    },
    log,
    now,
    signal,
  });

  const deps: SessionDeps = {
    sessions: store.sessions,
    worktrees: store.worktrees,
    losses: store.losses,
    repositories: store.repositories,
    host: (kind) => only(kind, local.host),
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
  return {
    accounts,
    notifications,
    terminals,
    clones,
    repositories: createRepositories(deps, clones),
    sessions: createSessions(deps, clones),
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
    host: session.host,
    cwd: worktree?.madeAt && !worktree.setAsidePath ? worktree.path : null,
    env: repository?.settings.env ?? {},
    ended: session.wanted === "ended",
  };
}
