import type { Program } from "../domain/loss";

export type RunOptions = {
  cwd?: string;
  /** Added to the host's clean login environment. */
  env?: Record<string, string>;
  input?: Uint8Array;
  signal?: AbortSignal;
  /** TERM, then KILL after 5 s. Default 60 s. */
  timeoutMs?: number;
  /** Kept of each stream; what is beyond it is dropped from the middle and said. Default 16 MiB. */
  maxOutputBytes?: number;
  onOutput?: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
};

/** `code` is null when a signal ended it. A program that cannot be started is `code: 127` with the reason on stderr. */
export type RunResult = { code: number | null; signal: string | null; stdout: Uint8Array; stderr: Uint8Array };

export type HostState = { kind: "reachable"; seenAt: Date } | { kind: "unreachable"; since: Date; reason: string };

/**
 * Where a repository's worktrees and processes live. Owned by `compose`; nothing here decides anything about sessions.
 * Every promise is rejected with `AppError("unavailable")` when the host cannot be reached: that says nothing about
 * what is on it.
 */
export interface Host {
  /** Not a shell: `argv` is taken as it is. Ended when the link or the signal is. */
  run(argv: string[], options?: RunOptions): Promise<RunResult>;
  /** Absolute directories on this host: clones, worktrees, directories set aside, files dropped into terminals. */
  paths(): { repositories: string; worktrees: string; ended: string; uploads: string };
  /** What runs with the session's mark, a shell at its prompt left out. */
  programs(sessionId: string): Promise<Program[]>;
  /** TERM, then KILL after the grace, to everything with the session's mark. Resolves with what is still there: [] when all ended. */
  stopPrograms(sessionId: string, graceMs: number): Promise<Program[]>;
  state(): HostState;
  onState(listener: (state: HostState) => void): () => void;
}
