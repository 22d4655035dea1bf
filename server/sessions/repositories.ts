import type { Program } from "../domain/loss";
import type { HostKind, Repository, RepositorySettings } from "../domain/repository";
import type { RescueRef, Session, Worktree } from "../domain/session";
import type { User } from "../domain/user";
import type { HostFacts, HostState } from "./host";
import type { Page } from "./session-store";

export type CloneProgress = { detail: string; percent: number | null };

/** What deleting a repository would take along; nothing of it is on a remote for certain. */
export type RepositoryRemains = {
  rescues: { session: Session; refs: (RescueRef & { subject: string | null })[]; worktree: Worktree | null }[];
  unpushedBranches: { branch: string; commits: number }[];
  /** Worktree directories and directories set aside that would go. */
  directories: string[];
};

/** What ends when a host is started again. */
export type HostBurden = {
  sessions: { sessionId: string; title: string; programs: Program[] }[];
  /** Sessions of which it could not be seen what runs: that is not nothing. */
  unknown: { sessionId: string; title: string; reason: string }[];
};

/** All that the API may ask about repositories. Every call is scoped by the user. */
export interface Repositories {
  /**
   * Asks the remote first: `AppError("refused")` with git's own reason when it cannot be cloned. Without `host` it is
   * the server's usual one; `AppError("not-available")` for one that this server has not.
   */
  add(
    user: User,
    wanted: {
      cloneUrl: string;
      host?: HostKind;
      /** The forge that its pull requests are on, where the clone URL is not of that forge's own address. */
      forgeId?: string;
      name?: string;
      defaultBranch?: string;
      settings?: Partial<RepositorySettings>;
    },
  ): Promise<Repository>;
  list(user: User, page: { limit: number; cursor?: string }): Promise<Page<Repository>>;
  get(user: User, id: string): Promise<Repository>;
  update(
    user: User,
    id: string,
    patch: { name?: string; defaultBranch?: string; settings?: Partial<RepositorySettings> },
  ): Promise<Repository>;
  /** In memory only: what git prints while it clones. */
  progress(id: string): CloneProgress | null;
  /** Ended sessions that left rescue refs or a directory set aside, newest first. */
  rescues(user: User, id: string): Promise<RepositoryRemains["rescues"]>;
  remains(user: User, id: string): Promise<RepositoryRemains & { token: string }>;
  /** `AppError("conflict")` with the remains as details unless `token` names them, or while a session is active. */
  remove(user: User, id: string, token: string | null): Promise<void>;
  /** As last seen; asks nobody. */
  hostOf(user: User, id: string): Promise<{ state: HostState; facts: HostFacts }>;
  /** Brings up the host of one repository where it rests, with the settings of now. Gives how it is at once. */
  wakeHost(user: User, id: string): Promise<{ state: HostState; facts: HostFacts }>;
  /**
   * Starts the host of one repository again, with what is pending. `AppError("conflict")` with a `HostBurden` and its
   * token as details unless `token` names what would end; `AppError("refused")` where the host is this machine.
   */
  restartHost(user: User, id: string, token: string | null): Promise<void>;
}
