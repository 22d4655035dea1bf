import type { HostRef } from "../domain/host";
import type { Terminal } from "../domain/terminal";
import type { Changes } from "../kit/changes";
import type { Log } from "../kit/log";
import type { PtyHost } from "./pty-host";
import type { TerminalStore } from "./terminal-store";

/** What a terminal needs to know of its session. `cwd` is null until the worktree is made; `ended` from End on. */
export type TerminalSession = {
  userId: string;
  host: HostRef;
  cwd: string | null;
  env: Record<string, string>;
  ended: boolean;
};

/** All that the terminals room stands on; `compose` gives it. */
export type TerminalDeps = {
  store: TerminalStore;
  ptys(ref: HostRef): PtyHost;
  session(id: string): Promise<TerminalSession | null>;
  /** Sessions whose terminals are looked at when the server starts. */
  activeSessions(): Promise<string[]>;
  changes: Changes;
  /** Somebody wants to work in this session now: a host that rests is brought up. Returns at once. */
  wanted(sessionId: string): void;
  /**
   * The same, also of a session that has ended, for what cannot be had without its host: waited for until that is up.
   * Rejected with `AppError("unavailable")`, which says when to ask again, where that takes longer than a person waits.
   */
  awaken(sessionId: string): Promise<void>;
  /** A program ended by itself and not well, or was lost: a person may want to know. */
  programEnded?(terminal: Terminal): void;
  /** The address of a pull request was printed: a hint, never proof. Each once a program. Returns at once. */
  urlSeen?(sessionId: string, url: string): void;
  log: Log;
  now(): Date;
  /** Aborted when the server stops. */
  signal: AbortSignal;
};
