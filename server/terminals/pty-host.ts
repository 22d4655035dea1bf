import type { ProcessExit } from "../domain/terminal";

/** One entry of a program's log, in the order it happened. Offsets count output bytes since the program began. */
export type PtyRecord =
  | { kind: "output"; offset: number; bytes: Uint8Array }
  /** Holds from `offset` on. */
  | { kind: "resized"; offset: number; cols: number; rows: number }
  /** Bytes that are gone: never left out silently. */
  | { kind: "gap"; from: number; to: number }
  /** The last record: nothing follows it. */
  | { kind: "exit"; offset: number; exit: ProcessExit };

/** What the emulator beside the program saw. Not part of the log: may be repeated, and is never replayed. */
export type PtyEvent =
  | { kind: "title"; title: string }
  | { kind: "cwd"; cwd: string }
  | { kind: "bell" }
  /** Something the reader must know, such as a disk log that was turned off. */
  | { kind: "warning"; message: string };

export type PtySpec = {
  /** The terminal's id. One program runs in it at a time; starting again gives a new epoch. */
  processId: string;
  sessionId: string;
  /** Null starts the login shell of the user that the host runs as. */
  command: string[] | null;
  cwd: string;
  /** Added to the host's clean login environment. */
  env: Record<string, string>;
  cols: number;
  rows: number;
  /** What a person must know of this start, in lines: the first of its output, before any of the program's. At most 4,096. */
  notice?: string;
};

export type PtyState = {
  epoch: string;
  cols: number;
  rows: number;
  /** The log holds [tailOffset, headOffset). */
  tailOffset: number;
  headOffset: number;
  pid: number | null;
  title: string | null;
  cwd: string | null;
  exit: (ProcessExit & { offset: number }) | null;
};

export type PtySnapshot = { epoch: string; offset: number; cols: number; rows: number; bytes: Uint8Array };

/** `records` are contiguous from `from`; `headOffset` and `tailOffset` are those of the log at the time of reading. */
export type PtyLogSlice = { epoch: string; records: PtyRecord[]; tailOffset: number; headOffset: number };

/** Whether the holder can be talked to. While it is away programs go on; subscriptions go on by themselves when it is back. */
export type LinkState = { kind: "here" } | { kind: "away"; since: Date; reason: string };

export type PtyListener = {
  /** In log order, without holes but declared gaps. The bytes may be kept: nobody else writes to them. */
  onRecord(record: PtyRecord): void;
  onEvent(event: PtyEvent): void;
  /** The kernel took all input of this client below `position`. */
  onInputAck(clientId: string, position: number): void;
  /** The process is another epoch, or unknown: nothing more comes here. Look again with `find`. */
  onLost(reason: string): void;
};

/**
 * All that a terminal needs from a host. The adapter owns the link, reconnects it and takes subscriptions up again
 * from the byte where they were; it must never leave a byte out without a gap record, nor give one twice.
 * Every promise is rejected with `AppError("unavailable")` while the host is away, within 10 s.
 */
export interface PtyHost {
  /** Starts the program, or gives the running one of the same process id. */
  open(spec: PtySpec): Promise<PtyState>;
  /** Null when the host knows no such process: then it never ran here, or its log is gone. */
  find(processId: string): Promise<PtyState | null>;
  /**
   * First the size that holds at `offset`, then live records from there on as they come. At most `windowBytes` are
   * under way from the holder.
   */
  subscribe(
    processId: string,
    epoch: string,
    from: { offset: number; windowBytes: number },
    listener: PtyListener,
  ): () => void;
  /**
   * Log records at bulk priority, at most `limitBytes` of output. A `from` below the tail begins with a gap record.
   * Before all stands the size that holds at `from`.
   */
  readLog(processId: string, epoch: string, from: number, limitBytes: number): Promise<PtyLogSlice>;
  snapshot(processId: string, epoch: string): Promise<PtySnapshot>;
  /** De-duplicated by position per (epoch, client): sending again types nothing twice. Answered by `onInputAck`. */
  write(processId: string, epoch: string, input: { clientId: string; position: number; bytes: Uint8Array }): void;
  /** The position up to which input of this client is known, or null when the holder does not know the client. */
  inputOffset(processId: string, epoch: string, clientId: string): Promise<number | null>;
  resize(processId: string, epoch: string, cols: number, rows: number): void;
  /** TERM, then KILL after the grace, to all that carries the program's mark. Resolves once it is over. */
  kill(processId: string, graceMs: number): Promise<void>;
  /** Kills what runs and throws the log away. */
  forget(processId: string): Promise<void>;
  state(): LinkState;
  onState(listener: (state: LinkState) => void): () => void;
}
