import { z } from "zod";
import { getOffset, putOffset } from "./byte-frames";

/** The terminal socket of the contract, section 3: one binary WebSocket message is one frame; big-endian. */

export const defaultWindowBytes = 1024 * 1024;
export const minWindowBytes = 128 * 1024;
export const maxWindowBytes = 4 * 1024 * 1024;

export const maxInputBytes = 64 * 1024;
export const maxUnackedInputBytes = 256 * 1024;

export const attachMessage = z.object({
  clientId: z.string().min(1).max(128),
  cols: z.int().min(1).max(1000),
  rows: z.int().min(1).max(1000),
  mode: z.enum(["drive", "view"]).optional(),
  epoch: z.string().max(128).optional(),
  offset: z.int().min(0).optional(),
  window: z.int().min(minWindowBytes).max(maxWindowBytes).optional(),
});
export type AttachMessage = z.infer<typeof attachMessage>;

export const requestMessage = z.object({ type: z.enum(["take", "release", "visible", "hidden"]) });
export type RequestMessage = z.infer<typeof requestMessage>;

export const attachedMessage = z.object({
  epoch: z.string(),
  offset: z.int(),
  headOffset: z.int(),
  cols: z.int(),
  rows: z.int(),
  role: z.enum(["driver", "viewer"]),
  inputOffset: z.int().nullable(),
  replay: z.enum(["resume", "log", "snapshot"]),
});
export type AttachedMessage = z.infer<typeof attachedMessage>;

export const exitMessage = z.object({
  code: z.int().nullable(),
  signal: z.string().nullable(),
  reason: z.enum(["exited", "killed", "lost"]),
});

export const terminalEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("role"), role: z.enum(["driver", "viewer"]), driverId: z.string().nullable() }),
  z.object({ type: z.literal("presence"), viewers: z.int(), driver: z.boolean() }),
  z.object({ type: z.literal("title"), title: z.string() }),
  z.object({ type: z.literal("cwd"), cwd: z.string() }),
  z.object({ type: z.literal("bell") }),
  /** `waiting` while the terminal is being made or its host is away: says why; `here` when it goes on. */
  z.object({ type: z.literal("state"), state: z.enum(["waiting", "here"]), reason: z.string().nullable() }),
  z.object({ type: z.literal("error"), code: z.string(), message: z.string() }),
]);
export type TerminalEvent = z.infer<typeof terminalEvent>;

export type ClientFrame =
  | { type: "attach"; attach: AttachMessage }
  | { type: "input"; position: number; bytes: Uint8Array }
  | { type: "ack"; offset: number }
  | { type: "resize"; cols: number; rows: number }
  | { type: "request"; request: RequestMessage }
  | { type: "ping"; token: Uint8Array };

export type ServerFrame =
  | { type: "attached"; attached: AttachedMessage }
  | { type: "output"; offset: number; bytes: Uint8Array }
  | { type: "snapshot"; first: boolean; last: boolean; offset: number; cols: number; rows: number; bytes: Uint8Array }
  | { type: "resized"; offset: number; cols: number; rows: number }
  | { type: "input-ack"; position: number }
  | { type: "gap"; from: number; to: number }
  | { type: "exit"; offset: number; exit: z.infer<typeof exitMessage> }
  | { type: "event"; event: TerminalEvent }
  | { type: "pong"; token: Uint8Array };

// TextEncoder and TextDecoder stand in every runtime this room is used in, but not in its type library.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const readJson = <T>(schema: z.ZodType<T>, bytes: Uint8Array): T => schema.parse(JSON.parse(decoder.decode(bytes)));

type Parts = { type: number; headBytes: number; tail: Uint8Array };

/** A frame with `headBytes` of numbers after the type, then `tail`. */
function build({ type, headBytes, tail }: Parts, fill: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(1 + headBytes + tail.length);
  bytes[0] = type;
  fill(new DataView(bytes.buffer, 1, headBytes));
  bytes.set(tail, 1 + headBytes);
  return bytes;
}

const none = new Uint8Array(0);
const json = (type: number, value: unknown) =>
  build({ type, headBytes: 0, tail: encoder.encode(JSON.stringify(value)) }, () => {});
const offsetOnly = (type: number, offset: number) =>
  build({ type, headBytes: 8, tail: none }, (view) => putOffset(view, 0, offset));

export function encodeClientFrame(frame: ClientFrame): Uint8Array {
  switch (frame.type) {
    case "attach":
      return json(0x01, frame.attach);
    case "input":
      return build({ type: 0x02, headBytes: 8, tail: frame.bytes }, (view) => putOffset(view, 0, frame.position));
    case "ack":
      return offsetOnly(0x03, frame.offset);
    case "resize":
      return build({ type: 0x04, headBytes: 4, tail: none }, (view) => {
        view.setUint16(0, frame.cols);
        view.setUint16(2, frame.rows);
      });
    case "request":
      return json(0x05, frame.request);
    case "ping":
      return build({ type: 0x06, headBytes: 0, tail: frame.token }, () => {});
  }
}

/** Throws on anything malformed: the transport closes with 4400. Bytes are views of `message`. */
export function decodeClientFrame(message: Uint8Array): ClientFrame {
  if (message.length > maxInputBytes + 9) throw new RangeError(`a frame of ${message.length} bytes is longer than any`);
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const body = message.subarray(1);
  switch (message[0]) {
    case 0x01:
      return { type: "attach", attach: readJson(attachMessage, body) };
    case 0x02: {
      const bytes = message.subarray(9);
      return { type: "input", position: getOffset(view, 1), bytes };
    }
    case 0x03:
      exactly(message, 9);
      return { type: "ack", offset: getOffset(view, 1) };
    case 0x04: {
      exactly(message, 5);
      const [cols, rows] = [view.getUint16(1), view.getUint16(3)];
      if (cols < 1 || rows < 1 || cols > 1000 || rows > 1000) throw new RangeError("a size is 1 to 1000");
      return { type: "resize", cols, rows };
    }
    case 0x05:
      return { type: "request", request: readJson(requestMessage, body) };
    case 0x06:
      exactly(message, 9);
      return { type: "ping", token: body };
    default:
      throw new RangeError(`no client frame has type ${message[0]}`);
  }
}

export function encodeServerFrame(frame: ServerFrame): Uint8Array {
  switch (frame.type) {
    case "attached":
      return json(0x81, frame.attached);
    case "output":
      return build({ type: 0x82, headBytes: 8, tail: frame.bytes }, (view) => putOffset(view, 0, frame.offset));
    case "snapshot":
      return build({ type: 0x83, headBytes: 13, tail: frame.bytes }, (view) => {
        view.setUint8(0, (frame.first ? 1 : 0) | (frame.last ? 2 : 0));
        putOffset(view, 1, frame.offset);
        view.setUint16(9, frame.cols);
        view.setUint16(11, frame.rows);
      });
    case "resized":
      return build({ type: 0x84, headBytes: 12, tail: none }, (view) => {
        putOffset(view, 0, frame.offset);
        view.setUint16(8, frame.cols);
        view.setUint16(10, frame.rows);
      });
    case "input-ack":
      return offsetOnly(0x85, frame.position);
    case "gap":
      return build({ type: 0x86, headBytes: 16, tail: none }, (view) => {
        putOffset(view, 0, frame.from);
        putOffset(view, 8, frame.to);
      });
    case "exit":
      return build({ type: 0x87, headBytes: 8, tail: encoder.encode(JSON.stringify(frame.exit)) }, (view) =>
        putOffset(view, 0, frame.offset),
      );
    case "event":
      return json(0x88, frame.event);
    case "pong":
      return build({ type: 0x89, headBytes: 0, tail: frame.token }, () => {});
  }
}

/** Throws on anything malformed. Bytes are views of `message`. */
export function decodeServerFrame(message: Uint8Array): ServerFrame {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const body = message.subarray(1);
  switch (message[0]) {
    case 0x81:
      return { type: "attached", attached: readJson(attachedMessage, body) };
    case 0x82:
      return { type: "output", offset: getOffset(view, 1), bytes: message.subarray(9) };
    case 0x83: {
      const flags = view.getUint8(1);
      const [offset, cols, rows] = [getOffset(view, 2), view.getUint16(10), view.getUint16(12)];
      const part = { first: (flags & 1) !== 0, last: (flags & 2) !== 0 };
      return { type: "snapshot", ...part, offset, cols, rows, bytes: message.subarray(14) };
    }
    case 0x84:
      return { type: "resized", offset: getOffset(view, 1), cols: view.getUint16(9), rows: view.getUint16(11) };
    case 0x85:
      return { type: "input-ack", position: getOffset(view, 1) };
    case 0x86:
      return { type: "gap", from: getOffset(view, 1), to: getOffset(view, 9) };
    case 0x87:
      return { type: "exit", offset: getOffset(view, 1), exit: readJson(exitMessage, message.subarray(9)) };
    case 0x88:
      return { type: "event", event: readJson(terminalEvent, body) };
    case 0x89:
      return { type: "pong", token: body };
    default:
      throw new RangeError(`no server frame has type ${message[0]}`);
  }
}

function exactly(message: Uint8Array, length: number): void {
  if (message.length !== length) throw new RangeError(`this frame has ${length} bytes, not ${message.length}`);
}
