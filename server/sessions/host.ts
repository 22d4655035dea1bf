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

export type HostState =
  | { kind: "reachable"; seenAt: Date }
  /** On its way up. `detail` says what is waited for; `trouble` is set while a person must mend something first. */
  | { kind: "starting"; since: Date; detail: string; trouble: string | null }
  /** Nothing runs, its files are kept, and `wake` brings it up. `reason` where it was not we who put it to rest. */
  | { kind: "suspended"; since: Date; reason?: string }
  | { kind: "unreachable"; since: Date; reason: string };

/** What is known of a host beside its state; all empty where it is this machine. */
export type HostFacts = {
  podName: string | null;
  /** What waits for a restart, each in words: an image or resources that were changed. */
  pending: string[];
  /** How all that ran there came to an end when it last did, where that is more than a person's own doing. */
  lastEnd?: { words: string; at: Date } | undefined;
};

/** What signs in at an origin such as `https://forge.example`. Held in memory on a host, never on its disk. */
export type HostCredential = { origin: string; username: string; password: string };

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
  /**
   * What programs there sign in with for this repository, in the place of what it had; none forgets it. Also given to a
   * host that comes up again while this server runs, so a rejection only says that it has not arrived yet.
   */
  keepCredentials(repositoryId: string, credentials: HostCredential[]): Promise<void>;
  /** For git's `credential.<origin>.helper`: serves what is kept. The same text for as long as the host is. */
  credentialHelper(repositoryId: string): string;
  state(): HostState;
  onState(listener: (state: HostState) => void): () => void;
  facts(): HostFacts;
  /** Those of the repository it serves were changed: what may change under running programs does, the rest is pending. */
  settingsChanged(): void;
  /**
   * It is wanted up, with the settings of now. Returns at once; `state` tells how it goes. Of no effect on one that is.
   * Of `wake` and `suspend` the last that was called holds, also where the other is under way.
   */
  wake(): void;
  /**
   * Puts it to rest and keeps its files: all that runs there ends, so the caller has looked that nothing does that
   * matters. Rejected with `AppError("refused")` where the kind of host never rests.
   */
  suspend(): Promise<void>;
  /** Ends what runs on it and brings it up with what is pending. Rejected with `AppError("refused")` where it cannot. */
  restart(): Promise<void>;
  /** Takes away the host itself and all files on it. Nothing to do on one that others share. May be repeated. */
  remove(): Promise<void>;
}
