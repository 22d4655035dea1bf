import type { PtyEventMessage } from "../protocol/holder-protocol";

/** To the worker: one port for all terminals, in log order for each. */
export type ToEmulator =
  | { kind: "open"; id: number; offset: number; cols: number; rows: number }
  | { kind: "output"; id: number; bytes: Uint8Array }
  | { kind: "resize"; id: number; cols: number; rows: number }
  | { kind: "snapshot"; id: number; request: number }
  | { kind: "close"; id: number };

/** From the worker. `answers` are to what was asked below `offset`, in order. */
export type FromEmulator =
  | { kind: "parsed"; id: number; offset: number; answers: string[]; events: PtyEventMessage[] }
  | { kind: "snapshot"; id: number; request: number; offset: number; cols: number; rows: number; bytes: Uint8Array }
  | { kind: "failed"; id: number; request: number; reason: string };
