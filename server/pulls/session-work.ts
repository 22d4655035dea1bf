/** What the pulls room needs to know of a session; `compose` wires it to the sessions room. */
export type WorkingSession = {
  id: string;
  userId: string;
  username: string;
  repositoryId: string;
  title: string;
  branch: string;
  baseBranch: string | null;
  ended: boolean;
  createdAt: Date;
};

/** What a branch adds to a base, oldest first, and what of it the remote lacks, as far as it was seen from here. */
export type BranchWork = {
  commits: { sha: string; subject: string; body: string }[];
  isPushed: boolean;
  unpushed: number;
  /** The repository's own form for descriptions. */
  template: string | null;
};

export interface SessionWork {
  /** All of a repository that may own a pull request: active ones, and ended ones. */
  sessions(repositoryId: string): Promise<WorkingSession[]>;
  get(sessionId: string): Promise<WorkingSession | null>;
  /**
   * Shas that were made in its worktree by a commit, amend, rebase, cherry-pick or merge, as its reflog has them now.
   * Null when the host cannot be asked: that is no empty list.
   */
  madeShas(sessionId: string): Promise<string[] | null>;
  /** What a pull request of a branch of its worktree would be of. Null when the host cannot be asked. */
  branchWork(sessionId: string, wanted: { branch: string; base: string }): Promise<BranchWork | null>;
}
