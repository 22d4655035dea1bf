import { describe, expect, test } from "vitest";
import {
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  maxInputBytes,
  type ServerFrame,
} from "./terminal-frames";

const everyByte = Uint8Array.from({ length: 256 }, (_, at) => at);
const far = 2 ** 53 - 1;
const token = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

const clientFrames: ClientFrame[] = [
  {
    type: "attach",
    attach: { clientId: "c", cols: 80, rows: 24, mode: "view", epoch: "e", offset: far, window: 131_072 },
  },
  { type: "input", position: far, bytes: everyByte },
  { type: "ack", offset: 4_294_967_296 },
  { type: "resize", cols: 1000, rows: 1 },
  { type: "request", request: { type: "take" } },
  { type: "ping", token },
];

const serverFrames: ServerFrame[] = [
  {
    type: "attached",
    attached: {
      epoch: "e",
      offset: 1,
      headOffset: far,
      cols: 80,
      rows: 24,
      role: "viewer",
      inputOffset: null,
      replay: "log",
    },
  },
  { type: "output", offset: far, bytes: everyByte },
  { type: "snapshot", first: true, last: false, offset: 7, cols: 132, rows: 50, bytes: everyByte },
  { type: "resized", offset: 4_294_967_297, cols: 90, rows: 30 },
  { type: "input-ack", position: 12 },
  { type: "gap", from: 3, to: far },
  { type: "exit", offset: 9, exit: { code: null, signal: "SIGKILL", reason: "killed" } },
  { type: "event", event: { type: "error", code: "not-driver", message: "Take over to type." } },
  { type: "pong", token },
];

describe("every frame is read back as it was written", () => {
  test.each(clientFrames)("client: $type", (frame) => {
    expect(decodeClientFrame(encodeClientFrame(frame))).toEqual(frame);
  });
  test.each(serverFrames)("server: $type", (frame) => {
    expect(decodeServerFrame(encodeServerFrame(frame))).toEqual(frame);
  });
});

describe("the bytes stand where the contract says", () => {
  test("[I5] output is type, u64 offset and the program's bytes, nothing else", () => {
    const message = encodeServerFrame({ type: "output", offset: 0x1_0000_0002, bytes: everyByte });
    expect(hex(message.subarray(0, 9))).toBe("820000000100000002");
    expect(message.subarray(9)).toEqual(everyByte);
  });
  test("a resize is two u16, a snapshot flags, offset and size", () => {
    expect(hex(encodeClientFrame({ type: "resize", cols: 80, rows: 24 }))).toBe("0400500018");
    const part = { first: true, last: true, offset: 5, cols: 80, rows: 24, bytes: token } as const;
    expect(hex(encodeServerFrame({ type: "snapshot", ...part }))).toBe(
      "8303000000000000000500500018" + "0102030405060708",
    );
  });
});

describe("what is malformed is refused", () => {
  test.each([
    ["nothing", []],
    ["an unknown type", [0x7f]],
    ["an ack cut short", [0x03, 0, 0]],
    ["an ack with a tail", [0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    ["a size of 0", [0x04, 0, 0, 0, 24]],
    ["a ping without its token", [0x06]],
    ["an offset beyond 2^53", [0x03, 255, 255, 255, 255, 255, 255, 255, 255]],
    ["an attach that is no JSON", [0x01, 0x7b]],
    ["an attach that is no UTF-8", [0x01, 0xff]],
  ])("%s", (_, bytes) => {
    expect(() => decodeClientFrame(Uint8Array.from(bytes))).toThrow();
  });
  test("input beyond 64 KiB", () => {
    const message = encodeClientFrame({ type: "input", position: 0, bytes: new Uint8Array(maxInputBytes + 1) });
    expect(() => decodeClientFrame(message)).toThrow(/longer than any/);
  });
  test("a window or a size out of its bounds", () => {
    const attach = (change: object) =>
      encodeClientFrame({ type: "attach", attach: { clientId: "c", cols: 80, rows: 24, ...change } });
    expect(() => decodeClientFrame(attach({ window: 1 }))).toThrow();
    expect(() => decodeClientFrame(attach({ window: 8 * 1024 * 1024 }))).toThrow();
    expect(() => decodeClientFrame(attach({ cols: 0 }))).toThrow();
    expect(() => decodeClientFrame(attach({ clientId: "" }))).toThrow();
  });
});
