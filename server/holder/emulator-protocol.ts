import type { PtyEventMessage } from "../protocol/holder-protocol";

/** To the worker: one port for all terminals, in log order for each. */
export type ToEmulator =
  | { kind: "open"; id: number; offset: number; cols: number; rows: number; scrollback: number }
  | { kind: "output"; id: number; bytes: Uint8Array }
  /** Output that leaves nothing but its `colours`, in place of `length` bytes. */
  | { kind: "skip"; id: number; length: number; colours: Uint8Array }
  | { kind: "resize"; id: number; cols: number; rows: number }
  | { kind: "snapshot"; id: number; request: number }
  | { kind: "close"; id: number };

/**
 * From the worker. `answers` are to what was asked below `offset`, in order; `canSkip`: of plain output that comes now,
 * nothing stays that scrolled away.
 */
export type FromEmulator =
  | { kind: "parsed"; id: number; offset: number; canSkip: boolean; answers: string[]; events: PtyEventMessage[] }
  | { kind: "snapshot"; id: number; request: number; offset: number; cols: number; rows: number; bytes: Uint8Array }
  | { kind: "failed"; id: number; request: number; reason: string };
