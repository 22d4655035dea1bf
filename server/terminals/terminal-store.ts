import type { Terminal } from "../domain/terminal";

export type TerminalPatch = Partial<Omit<Terminal, "id" | "sessionId" | "kind" | "createdAt">>;

/** Rows of terminals. Ownership is the session's: callers check that first. */
export interface TerminalStore {
  create(terminal: Terminal): Promise<void>;
  get(id: string): Promise<Terminal | null>;
  /** As arranged: by position. Closed ones too. */
  listBySession(sessionId: string): Promise<Terminal[]>;
  listBySessions(sessionIds: string[]): Promise<Terminal[]>;
  update(id: string, patch: TerminalPatch): Promise<Terminal>;
  /** Of sessions that ended before then: their logs may go. */
  listEndedBefore(when: Date): Promise<Terminal[]>;
}
