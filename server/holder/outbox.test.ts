import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { encodeFrame, FrameReader } from "../protocol/byte-frames";
import { LinkCredit } from "../protocol/link-credit";
import { type FrameSource, Outbox } from "./outbox";

let dir: string;
let server: Server;
let near: Socket;
let far: Socket;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "outbox-"));
  const accepted = new Promise<Socket>((resolve) => {
    server = createServer(resolve);
  });
  await new Promise<void>((resolve) => server.listen(join(dir, "s"), resolve));
  near = createConnection(join(dir, "s"));
  far = await accepted;
});
afterEach(() => {
  near.destroy();
  far.destroy();
  server.close();
  rmSync(dir, { recursive: true });
});

const dataBytes = 16 * 1024;

/** A source of so many frames, of its own stream. */
class Frames implements FrameSource {
  taken = 0;
  constructor(
    private readonly stream: number,
    private readonly count: number,
    private readonly live = false,
  ) {}
  urgent(): boolean {
    return this.live;
  }
  take(): Uint8Array[] | null {
    if (this.taken === this.count) return null;
    this.taken++;
    return [encodeFrame(0x84, this.stream, new Uint8Array(this.live ? 10 : dataBytes))];
  }
}

function streamsArriving(): number[] {
  const streams: number[] = [];
  const reader = new FrameReader();
  far.on("data", (chunk: Buffer) => {
    for (const { stream } of reader.push(chunk)) streams.push(stream);
  });
  return streams;
}

test("a peer that reads nothing is sent no more than a bound, and then all of it", async () => {
  const outbox = new Outbox(near, new LinkCredit());
  const bulk = new Frames(1, 1000);
  far.pause();
  outbox.ready(bulk);
  await vi.waitFor(() => expect(near.writableLength).toBeGreaterThan(0));
  expect(near.writableLength).toBeLessThanOrEqual(512 * 1024);
  expect(bulk.taken).toBeLessThan(60);
  const arrived = streamsArriving();
  far.resume();
  await vi.waitFor(() => expect(arrived).toHaveLength(1000));
});

test("a peer that tells what it took is sent no more than a bound beyond it, whatever the socket takes", async () => {
  const outbox = new Outbox(near, new LinkCredit());
  outbox.waitForPeer();
  const arrived = streamsArriving();
  const bulk = new Frames(1, 1000);
  outbox.ready(bulk);
  outbox.ready(new Frames(2, 1, true));
  await vi.waitFor(() => expect(arrived).toContain(2));
  await vi.waitFor(() => expect(near.writableLength).toBe(0));
  const bound = Math.ceil((256 * 1024) / dataBytes);
  expect(bulk.taken).toBe(bound);
  outbox.taken(10 * dataBytes);
  expect(bulk.taken).toBe(bound + 10);
  far.on("data", () => outbox.taken(arrived.length * dataBytes));
  outbox.taken(11 * dataBytes);
  await vi.waitFor(() => expect(arrived).toHaveLength(1001));
  expect(arrived.filter((stream) => stream === 1)).toHaveLength(1000);
});

test("a key's echo and control go before twenty replays, which take turns", async () => {
  const outbox = new Outbox(near, new LinkCredit());
  far.pause();
  const replays = Array.from({ length: 20 }, (_, index) => new Frames(100 + index, 40));
  for (const replay of replays) outbox.ready(replay);
  const waiting = replays.reduce((sum, { taken }) => sum + taken, 0);
  outbox.ready(new Frames(1, 1, true));
  outbox.control(0x82, 2, new Uint8Array(1));
  const arrived = streamsArriving();
  far.resume();
  await vi.waitFor(() => expect(arrived).toHaveLength(20 * 40 + 2));
  expect(arrived.indexOf(1)).toBeLessThanOrEqual(waiting + 1);
  expect(arrived.indexOf(2)).toBeLessThanOrEqual(waiting + 1);
  // What was under way before the others came is of the first alone.
  const bulk = arrived.filter((stream) => stream >= 100).slice(waiting);
  for (let turn = 0; turn < 20; turn++) {
    expect(new Set(bulk.slice(turn * 20, turn * 20 + 20)).size).toBe(20);
  }
});

test("a peer that takes no control frames is cut off", async () => {
  const outbox = new Outbox(near, new LinkCredit());
  far.pause();
  const closed = new Promise((resolve) => near.once("close", resolve));
  near.on("error", () => {});
  for (let sent = 0; sent < 40 && !near.destroyed; sent++) outbox.control(0x82, 1, new Uint8Array(1024 * 1024));
  await closed;
});
