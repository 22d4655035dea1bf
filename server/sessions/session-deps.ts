import type { HostRef } from "../domain/host";
import type { HostKind } from "../domain/repository";
import type { Changes } from "../kit/changes";
import type { Log } from "../kit/log";
import type { Host } from "./host";
import type { RepositoryStore } from "./repository-store";
import type { LossStore, SessionStore, WorktreeStore } from "./session-store";
import type { SessionTerminals } from "./session-terminals";

/**
 * A message for a person; `compose` wires it to the notifications room. Under a `key` it is told once, however often it
 * is asked for: then tell first and note the fact after it, so that a crash between the two loses neither.
 */
export type Tell = (message: {
  key?: string;
  userId: string;
  sessionId: string | null;
  kind: "session-failed" | "session-ended" | "session-unreachable" | "push-refused";
  title: string;
  body: string;
}) => Promise<void>;

/** All that the sessions room stands on. */
export type SessionDeps = {
  sessions: SessionStore;
  worktrees: WorktreeStore;
  losses: LossStore;
  repositories: RepositoryStore;
  /** `AppError("not-available")` where this server has no host of that kind. */
  host(ref: HostRef): Host;
  /** Where a repository lives when nobody says. */
  defaultHost: HostKind;
  /** A hint that the state of a host is another now: look. */
  onHostState(listener: (ref: HostRef) => void): () => void;
  /** This machine, for looking at remotes; also where it is no host of repositories. */
  here: Pick<Host, "run">;
  terminals: SessionTerminals;
  /** Name and address for commits where the person's own git has none. */
  identity(userId: string): Promise<{ name: string; email: string }>;
  /** Agent turns that are running: none until chats exist. */
  runningTurns(sessionId: string): Promise<{ chatId: string; title: string }[]>;
  tell: Tell;
  changes: Changes;
  log: Log;
  now(): Date;
  /** Aborted when the server stops: loops end, a step under way is left to be repeated. */
  signal: AbortSignal;
};
