import type { Repository, RepositorySettings } from "../domain/repository";
import type { RescueRef, Session, Worktree } from "../domain/session";
import type { User } from "../domain/user";
import type { Page } from "./session-store";

export type CloneProgress = { detail: string; percent: number | null };

/** What deleting a repository would take along; nothing of it is on a remote for certain. */
export type RepositoryRemains = {
  rescues: { session: Session; refs: (RescueRef & { subject: string | null })[]; worktree: Worktree | null }[];
  unpushedBranches: { branch: string; commits: number }[];
  /** Worktree directories and directories set aside that would go. */
  directories: string[];
};

/** All that the API may ask about repositories. Every call is scoped by the user. */
export interface Repositories {
  /** Asks the remote first: `AppError("refused")` with git's own reason when it cannot be cloned. */
  add(
    user: User,
    wanted: { cloneUrl: string; name?: string; defaultBranch?: string; settings?: Partial<RepositorySettings> },
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
}
