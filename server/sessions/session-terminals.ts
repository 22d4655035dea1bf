import type { ProcessExit } from "../domain/terminal";

/**
 * What a session needs of its terminals; `compose` wires it to the terminals room.
 * All may be repeated: each says what is wanted, not what happened.
 */
export interface SessionTerminals {
  /** The session's first terminal exists and its shell was started in `cwd`. */
  ensureFirst(sessionId: string, cwd: string): Promise<void>;
  /** Starts the setup script once per `attempt`; its output is the log of the session's setup terminal. */
  ensureSetup(
    sessionId: string,
    setup: { script: string; cwd: string; env: Record<string, string>; attempt: number },
  ): Promise<{ state: "running" } | { state: "over"; exit: ProcessExit; tail: string }>;
  /** Browsers that look at its terminals now, and those that wait for the first one. */
  viewers(sessionId: string): number;
  /**
   * Its host is about to be put to rest: shells that run are kept in mind and started again when it is back, all but
   * those of `busy` terminals, in which something runs.
   */
  rest(sessionId: string, busy: ReadonlySet<string>): Promise<void>;
  /** It was not put to rest after all. */
  goOn(sessionId: string): Promise<void>;
  /** The session is over: viewers are told (4409), rows are closed; logs stay readable. */
  closeAll(sessionId: string): Promise<void>;
}
