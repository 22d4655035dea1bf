import type { ProcessExit, Terminal } from "../domain/terminal";

export type TerminalState = "starting" | "running" | "exited" | "closed" | "unknown";

/** A terminal as read: `title` is what its tab shows, `state` is derived. */
export type TerminalReading = { terminal: Terminal; title: string; state: TerminalState };

/** What a viewer is told, in order. One to one with the frames of the terminal socket. */
export type ViewerMessage =
  | {
      kind: "attached";
      epoch: string;
      offset: number;
      headOffset: number;
      cols: number;
      rows: number;
      role: "driver" | "viewer";
      inputOffset: number | null;
      replay: "resume" | "log" | "snapshot";
    }
  | { kind: "output"; offset: number; bytes: Uint8Array }
  | { kind: "snapshot"; first: boolean; last: boolean; offset: number; cols: number; rows: number; bytes: Uint8Array }
  | { kind: "resized"; offset: number; cols: number; rows: number }
  | { kind: "input-ack"; position: number }
  | { kind: "gap"; from: number; to: number }
  | { kind: "exit"; offset: number; exit: ProcessExit }
  | { kind: "role"; role: "driver" | "viewer"; driverId: string | null }
  | { kind: "presence"; viewers: number; driver: boolean }
  | { kind: "title"; title: string }
  | { kind: "cwd"; cwd: string }
  | { kind: "bell" }
  | { kind: "state"; state: "waiting" | "here"; reason: string | null }
  | { kind: "error"; code: string; message: string };

export type ViewerClose = "replaced" | "session-ended" | "closed" | "malformed" | "too-slow" | "restarting";

/** One browser. Owned by the gateway, which maps it to a WebSocket; the room must not send after `close`. */
export interface ViewerSocket {
  send(message: ViewerMessage): void;
  /** Bytes that the network has not taken yet; the room stops output above 128 KiB and goes on by `onDrain`. */
  bufferedBytes(): number;
  onDrain(listener: () => void): void;
  /** Calls once the other end has received all that was sent until now; never, where it does not. */
  onceReceived(listener: () => void): void;
  close(reason: ViewerClose, message: string): void;
}

export type ViewerAttach = {
  clientId: string;
  cols: number;
  rows: number;
  mode: "drive" | "view" | null;
  epoch: string | null;
  offset: number | null;
  windowBytes: number;
};

export interface Viewer {
  input(position: number, bytes: Uint8Array): void;
  ack(offset: number): void;
  resize(cols: number, rows: number): void;
  request(type: "take" | "release" | "visible" | "hidden"): void;
  /** The socket is gone. The driver's place is kept 30 s. */
  detach(): void;
}

/** All that the API and the terminal socket may ask. Callers have checked that the session is the user's. */
export interface Terminals {
  /** As arranged, without the setup script's. */
  list(sessionId: string): Promise<TerminalReading[]>;
  /** As arranged, with the setup script's, which a session's view names apart. */
  listMany(sessionIds: string[]): Promise<Map<string, TerminalReading[]>>;
  get(sessionId: string, terminalId: string): Promise<TerminalReading>;
  open(
    sessionId: string,
    wanted: { title?: string; command?: string[]; cols?: number; rows?: number },
  ): Promise<TerminalReading>;
  rename(sessionId: string, terminalId: string, title: string | null): Promise<TerminalReading>;
  /** Ends the program and takes the terminal out of the list. The last one of a session may be closed too. */
  close(sessionId: string, terminalId: string): Promise<void>;
  /** A new program and epoch in the same terminal. */
  restart(sessionId: string, terminalId: string): Promise<TerminalReading>;
  /** Raw output from `from` on, at most `limit` bytes; a `from` that is no longer kept moves up to the tail. */
  log(
    sessionId: string,
    terminalId: string,
    from: number,
    limit: number,
  ): Promise<{ bytes: Uint8Array; offset: number; headOffset: number }>;
  /** Null is the session's first. `AppError("not-found")` when there is none of that id. */
  attach(sessionId: string, terminalId: string | null, attach: ViewerAttach, socket: ViewerSocket): Promise<Viewer>;
  /** Socket and buffer figures for `/metrics`. */
  figures(): { terminals: number; viewers: number; ringBytes: number };
}
