import type { LossLook } from "../domain/loss";
import type { Session, Worktree } from "../domain/session";

export type SessionFilter = {
  userId: string;
  repositoryId?: string;
  state?: "active" | "ended";
  /** Matches title, branch and short id, case-insensitively. */
  q?: string;
  limit: number;
  cursor?: string;
};

export type Page<T> = { items: T[]; nextCursor: string | null };

/** Columns that a write may set; a write touches no other, so two writers of different columns both win. */
export type SessionPatch = Partial<Omit<Session, "id" | "shortId" | "userId" | "repositoryId" | "createdAt">>;

/** Rows of sessions. A look-up by a user gives null for what is another's: it is scoped by `userId`, always. */
export interface SessionStore {
  create(session: Session): Promise<void>;
  get(id: string): Promise<Session | null>;
  getFor(userId: string, id: string): Promise<Session | null>;
  /** Newest first. */
  list(filter: SessionFilter): Promise<Page<Session>>;
  /** All that the reconcilers must look at: wanted active, or ending and not ended. */
  listUnfinished(): Promise<Session[]>;
  countActive(userId: string): Promise<{ repositoryId: string; count: number }[]>;
  update(id: string, patch: SessionPatch): Promise<Session>;
}

/** Records of worktrees: unique by session, and they outlive it. */
export interface WorktreeStore {
  ensure(worktree: Worktree): Promise<Worktree>;
  getBySession(sessionId: string): Promise<Worktree | null>;
  listByRepository(repositoryId: string): Promise<Worktree[]>;
  /** Set aside and not yet purged, oldest first. */
  listSetAside(): Promise<Worktree[]>;
  update(id: string, patch: Partial<Omit<Worktree, "id">>): Promise<Worktree>;
}

/** How long a look's token is good for. */
export const lossLookMs = 24 * 60 * 60 * 1000;

/** Looks that were shown to a person; a token is good for `lossLookMs`, and older ones are swept. */
export interface LossStore {
  put(look: LossLook): Promise<void>;
  get(sessionId: string, token: string): Promise<LossLook | null>;
}
