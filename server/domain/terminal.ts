/** Why a program is over. `lost` is told by a new holder about what a dead one had. */
export type ProcessExit = { code: number | null; signal: string | null; reason: "exited" | "killed" | "lost" };

/** A PTY of a session, as stored. Bytes never pass through the database. */
export type Terminal = {
  id: string;
  sessionId: string;
  /** `setup` is the repository's setup script: shown with its output while a session is made, never a tab to type in. */
  kind: "shell" | "setup";
  /** Given by a person; null lets the program's own title (OSC 0/2) show. */
  title: string | null;
  /** The last title the program set, so that it is there before the holder answers. */
  programTitle: string | null;
  /** Null starts the user's login shell. */
  command: string[] | null;
  cols: number;
  rows: number;
  position: number;
  /** Of the program running or last run in it; null before the first start. */
  epoch: string | null;
  exit: (ProcessExit & { at: Date; offset: number }) | null;
  /** Set before its host is put to rest, where its shell stood at its prompt: it is started again when the host is back. */
  restedAt: Date | null;
  createdAt: Date;
  closedAt: Date | null;
};
