import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { encodeFrame, FrameReader } from "../protocol/byte-frames";
import { holderFrame } from "../protocol/holder-protocol";
import { Credentials } from "./credentials";
import { Emulators } from "./emulators";
import { Link } from "./link";
import { Processes } from "./processes";

let dir: string;
let server: Server;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "link-"));
});
afterEach(() => {
  server.close();
  rmSync(dir, { recursive: true });
});

test("a server that is silent is dropped; one that pings is not", async () => {
  const nothing = { event: () => {}, inputTaken: () => {}, onError: () => {} };
  const surroundings = { environment: null, launcher: null };
  const screens = new Emulators(() => {}, new URL("data:text/javascript,"));
  const processes = new Processes({ root: dir, surroundings }, () => screens.open(), nothing);
  const context = {
    processes,
    surroundings,
    credentials: new Credentials(),
    roots: () => [],
    input: () => {},
    shutdown: async () => {},
  };
  const welcome = { protocol: 1, holderId: "h", version: "v", pid: 1 };
  server = createServer((socket) => {
    new Link(socket, context, {
      admit: () => ({ ok: true, welcome }),
      onClose: () => {},
      onError: () => {},
      lookMs: 20,
    });
  });
  await new Promise<void>((resolve) => server.listen(join(dir, "s"), resolve));
  const open = (pings: boolean) => {
    const peer = { closed: false, types: [] as number[] };
    const socket = createConnection(join(dir, "s"));
    const reader = new FrameReader();
    socket.on("data", (chunk: Buffer) => peer.types.push(...reader.push(chunk).map(({ type }) => type)));
    socket.write(encodeFrame(holderFrame.hello, 0, Buffer.from(JSON.stringify({ protocol: 1, serverNumber: 1 }))));
    const ping = setInterval(() => pings && socket.write(encodeFrame(holderFrame.ping, 0, new Uint8Array(8))), 5);
    socket.on("close", () => {
      clearInterval(ping);
      peer.closed = true;
    });
    return { peer, socket };
  };
  const lively = open(true);
  const silent = open(false);
  await vi.waitFor(() => expect(silent.peer.closed).toBe(true));
  expect(silent.peer.types).toEqual([holderFrame.welcome, holderFrame.refused]);
  expect(lively.peer.closed).toBe(false);
  lively.socket.destroy();
  await screens.close();
});
