import { spawn, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { encodeFrame, FrameReader } from "../protocol/byte-frames";
import { holderFrame, holderProtocol } from "../protocol/holder-protocol";
import { TestHolder, textOf } from "./testing/test-holder";

let holder: TestHolder;
beforeAll(async () => {
  holder = await TestHolder.started();
});
afterAll(() => holder.close());
const until = (check: () => void) => vi.waitFor(check, { interval: 10 });

test("the socket and its directory are the user's alone", () => {
  expect(statSync(holder.socket).mode & 0o777).toBe(0o600);
  expect(statSync(join(dirname(holder.socket), "state")).mode & 0o777).toBe(0o700);
});

test("a second holder on one directory finds the first, also when many start at once", async () => {
  const lines = await Promise.all(Array.from({ length: 5 }, () => holder.start()));
  for (const line of lines) expect(line).toBe(`a holder is already running here: pid ${holder.child?.pid}\n`);
});

test("of many that start on a new directory at once, one holds it", async () => {
  const other = new TestHolder(holder.program);
  try {
    const lines = await Promise.all(Array.from({ length: 6 }, () => other.start()));
    expect(lines.filter((line) => line.includes("listens"))).toHaveLength(1);
    expect(lines.filter((line) => line.includes(`pid ${other.child?.pid}\n`))).toHaveLength(5);
  } finally {
    await other.close();
  }
});

test("a welcome says which holder this is; a ping is answered with its own bytes", async () => {
  const link = await holder.link(5);
  expect(link.welcome).toMatchObject({ protocol: holderProtocol, version: "test", pid: holder.child?.pid });
  link.ping(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  await until(() => expect(link.frames.at(-1)?.type).toBe(holderFrame.pong));
  expect([...(link.frames.at(-1)?.payload ?? [])]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("a protocol that it does not speak is refused, and how to go on is said", async () => {
  const newer = await holder.link(5, holderProtocol + 1);
  expect(newer.refused).toContain("npm run stop-all");
  const older = await holder.link(5, 0);
  expect(older.refused).toContain("update the server");
});

test("only the server with the highest number ever seen is obeyed", async () => {
  const first = await holder.link(10);
  const second = await holder.link(11);
  expect(second.welcome).not.toBeNull();
  await until(() => expect(first.closed).toBe(true));
  expect(first.refused).toContain("server 11 has taken over");
  const late = await holder.link(10);
  expect(late.refused).toContain("server 11 has taken over from server 10");
  const same = await holder.link(11);
  expect(same.welcome).not.toBeNull();
  expect(second.closed).toBe(false);
});

test("a request that it does not know is answered; a frame that is none ends only that link", async () => {
  const link = await holder.link(20);
  const other = await holder.link(20);
  await expect(link.ask({ op: "dance" } as never)).rejects.toThrow("invalid");
  link.raw(Buffer.from([255, 255, 255, 255, 1, 0, 0, 0, 0]));
  await until(() => expect(link.closed).toBe(true));
  expect(await other.ask({ op: "list" })).toEqual({ processes: [] });
});

test("`connect` carries the protocol over a pipe, and ends with it", async () => {
  const args = [join(holder.program, "holder.mjs"), "connect", "--socket", holder.socket];
  const pipe = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const reader = new FrameReader();
  const types: number[] = [];
  pipe.stdout.on("data", (chunk: Buffer) => types.push(...reader.push(chunk).map(({ type }) => type)));
  const hello = JSON.stringify({ protocol: holderProtocol, serverNumber: 30 });
  pipe.stdin.write(encodeFrame(holderFrame.hello, 0, Buffer.from(hello)));
  pipe.stdin.write(encodeFrame(holderFrame.ping, 0, new Uint8Array(8)));
  await until(() => expect(types).toEqual([holderFrame.welcome, holderFrame.pong]));
  const ended = new Promise((resolve) => pipe.once("exit", resolve));
  pipe.stdin.end();
  expect(await ended).toBe(0);
});

test("[I3] programs go on when the link is lost, and nothing they printed is", async () => {
  const first = await holder.link(40);
  const state = await first.shell("goes-on", ["sh", "-c", "echo begin; sleep 0.3; echo middle; sleep 0.3; echo end"]);
  first.close();
  const second = await holder.link(41);
  const seen = second.follow(state);
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  expect(textOf(seen)).toBe("begin\r\nmiddle\r\nend\r\n");
});

test("[I6] a server that stops reading does not hold up another terminal or grow the holder", async () => {
  const stalled = await holder.link(50);
  const live = await holder.link(50);
  const flood = await stalled.shell("flood", ["sh", "-c", "head -c 20000000 /dev/zero | tr '\\0' x"]);
  stalled.follow(flood, 0, { windowBytes: 64 * 1024 * 1024 });
  stalled.stall();
  await until(async () => {
    const { process: found } = await live.ask<{ process: { exit: unknown } }>({ op: "find", processId: "flood" });
    expect(found.exit).not.toBeNull();
  });
  const echo = await live.shell("echo", ["echo", "here"]);
  const seen = live.follow(echo);
  await until(() => expect(textOf(seen)).toBe("here\r\n"));
});

test("a holder that cannot listen ends, says why, and leaves the directory to the next", async () => {
  const serve = (socket: string) => {
    const args = ["serve", "--socket", socket, "--dir", join(holder.dir, "elsewhere"), "--version", "test"];
    return spawnSync(process.execPath, [join(holder.program, "holder.mjs"), ...args], {
      encoding: "utf8",
      timeout: 60_000,
    });
  };
  for (const _ of [1, 2]) {
    const { status, stderr } = serve("/no/such/directory/holder.sock");
    expect([status, stderr]).toEqual([1, expect.stringContaining("/no/such/directory/holder.sock")]);
  }
});
