import type { PtyEventMessage } from "../protocol/holder-protocol";

/** How far a person scrolls back. */
export const scrollbackLines = 10_000;

export type Snapshot = { offset: number; cols: number; rows: number; bytes: Uint8Array };

export type EmulatorListener = {
  /** Of the first byte that will be fed. */
  offset: number;
  cols: number;
  rows: number;
  /** Everything below `offset` is parsed; `answers` are to what only the screen could answer there, in order. */
  onParsed(offset: number, answers: string[]): void;
  onEvent(event: PtyEventMessage): void;
  /** So far behind that the program should wait. */
  onBehind(behind: boolean): void;
};

/** The screen of one terminal, drawn by nobody. Fed in log order; it never holds the feeder up. */
export interface EmulatorPort {
  start(listener: EmulatorListener): void;
  /** The bytes may be kept: nobody writes to them any more. True where they were seen to be plain (see PlainOutput). */
  output(bytes: Uint8Array): boolean;
  resize(cols: number, rows: number): void;
  /** Of all that was fed up to now, or a few bytes less: a sequence that is not whole yet stays outside. */
  snapshot(signal: AbortSignal): Promise<Snapshot>;
  /** No more output comes: keeps the last screen cheaply. */
  finish(): void;
  close(): void;
}
