import type { Nudge, Pull } from "../domain/pull";

export type PullPatch = Partial<Omit<Pull, "id" | "repositoryId" | "createdAt">>;

export type Claim = { pullId: string; kind: string; signature: string };
/** What the looks at a repository left. */
export type RepositoryLook = {
  /** Where the last that succeeded ended; null before it. */
  cursor: string | null;
  /** As the forge spells it now: it may have been renamed, or transferred. Null before a pull request was seen. */
  path: string | null;
  /** What is wrong with this repository alone, in words with what to do; null while the forge gives what is asked. */
  trouble: { reason: string; since: Date } | null;
};

export const notLooked: RepositoryLook = { cursor: null, path: null, trouble: null };

/** Pull requests that are followed. `url` is unique in a repository; a second `create` of it gives the first back. */
export interface PullStore {
  create(pull: Pull): Promise<Pull>;
  get(id: string): Promise<Pull | null>;
  update(id: string, patch: PullPatch): Promise<Pull>;
  listByRepository(repositoryId: string): Promise<Pull[]>;
  /** Shas that were made in a session's worktree: kept for good, for reflogs expire. */
  addMade(sessionId: string, shas: string[]): Promise<void>;
  madeIn(repositoryId: string): Promise<{ sessionId: string; sha: string }[]>;
  look(repositoryId: string): Promise<RepositoryLook>;
  setLook(repositoryId: string, patch: Partial<RepositoryLook>): Promise<void>;
  /** True once per (pull request, kind, signature), over all restarts. */
  claim(what: Claim, at: Date): Promise<boolean>;
  /** Signatures of what was claimed of that pull request and kind, in no order. */
  claimed(what: Pick<Claim, "pullId" | "kind">): Promise<string[]>;
  /** False, and nothing written, where one of this pull request, kind and signature was written before. */
  addNudge(nudge: Nudge): Promise<boolean>;
  /** Newest first, those that were put away too: they count against the cap. */
  nudges(pullIds: string[]): Promise<Nudge[]>;
  /** A person copied or put it away; or the kind is green again and its count starts anew. */
  updateNudge(id: string, patch: Partial<Pick<Nudge, "doneAt" | "settledAt">>): Promise<void>;
}
