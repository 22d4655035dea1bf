/** A part of a look. Unknown is a fact of its own: never shown, counted or compared as none. */
export type Look<T> = { state: "known"; value: T } | { state: "unknown"; reason: string };

/** `count` and `bytes` are exact; `names` stops at a bound, biggest first where sizes matter. */
export type FileList = { count: number; bytes: number | null; names: { path: string; bytes: number | null }[] };

export type BranchLoss = {
  /** Null for a detached HEAD. */
  branch: string | null;
  head: string;
  commitsOnNoRemote: { count: number; commits: { sha: string; subject: string }[] };
};

export type Program = {
  pid: number;
  command: string;
  terminalId: string | null;
  /** Milliseconds since 1970. */
  startedAt: number | null;
};

/** All that ending a session now would lose, looked at once. */
export type Loss = {
  branches: Look<BranchLoss[]>;
  changed: Look<FileList>;
  untracked: Look<FileList>;
  ignored: Look<FileList>;
  stashes: Look<{ ref: string; sha: string; message: string; branch: string | null }[]>;
  /** Such as `rebase`, `merge`, `cherry-pick`, `bisect`; null when none is in progress. */
  operation: Look<string | null>;
  submodules: Look<{ path: string; reason: string }[]>;
  nestedRepositories: Look<{ path: string; reason: string }[]>;
  programs: Look<Program[]>;
  turns: Look<{ chatId: string; title: string }[]>;
};

/** A look as stored: the token names what the person saw. */
export type LossLook = { token: string; sessionId: string; loss: Loss; seenAt: Date };
