import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { TestHolder, type TestLink, textOf } from "./testing/test-holder";

let holder: TestHolder;
let link: TestLink;
beforeAll(async () => {
  holder = await TestHolder.started();
  link = await holder.link();
});
afterAll(() => holder.close());
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { interval: 10 });

/** 100 bytes a line as the terminal writes them, each with its number. */
const numbered = (lines: number) => ["awk", `BEGIN { for (n = 0; n < ${lines}; n++) printf "%098d\\n", n }`];
const expected = (lines: number) =>
  Array.from({ length: lines }, (_, n) => `${String(n).padStart(98, "0")}\r\n`).join("");
const hash = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

test("[I5] output of many megabytes is the same live, from the log and from its middle", async () => {
  const lines = 80_000;
  const state = await link.shell("many", numbered(lines));
  const seen = link.follow(state);
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  const whole = expected(lines);
  expect(hash(Buffer.concat(seen.bytes))).toBe(hash(whole));
  const again = link.follow(state, 1_000_001);
  await until(() => expect(again.records.at(-1)?.kind).toBe("exit"));
  expect(hash(Buffer.concat(again.bytes))).toBe(hash(whole.slice(1_000_001)));
  const slice = await link.readLog(state, 3_999_990, 20);
  expect(slice.bytes.toString()).toBe(whole.slice(3_999_990, 4_000_010));
});

test("[I6] a reader gets no more than its window beyond what it acknowledged, and holds up nothing", async () => {
  const state = await link.shell("window", numbered(20_000));
  const slow = link.follow(state, 0, { windowBytes: 16_384, ack: false });
  const fast = link.follow(state);
  await until(() => expect(fast.records.at(-1)?.kind).toBe("exit"));
  await until(() => expect(slow.length).toBe(16_384));
  link.ack(slow.stream, 5_000);
  await until(() => expect(slow.length).toBe(21_384));
  // Beyond what was sent counts as all that was.
  link.ack(slow.stream, 1_000_000_000);
  await until(() => expect(slow.length).toBe(21_384 + 16_384));
  await link.ask({ op: "unsubscribe", subscription: slow.stream });
  link.ack(slow.stream, 30_000);
  await link.ask({ op: "list" });
  expect(slow.length).toBe(21_384 + 16_384);
});

test("[I8] what the log no longer holds is told as a gap, to a reader and to a read, and the disk is not filled", async () => {
  await link.ask({ op: "configure", terminalLogBytes: 1024 * 1024 });
  const lines = 60_000;
  const state = await link.shell("gap", numbered(lines));
  const slow = link.follow(state, 0, { windowBytes: 16_384, ack: false });
  const fast = link.follow(state);
  await until(() => expect(fast.records.at(-1)?.kind).toBe("exit"));
  const head = lines * 100;
  expect(hash(Buffer.concat(fast.bytes))).toBe(hash(expected(lines)));
  const held = () =>
    readdirSync(join(holder.dir, "state/processes"), { recursive: true, encoding: "utf8" })
      .filter((name) => name.includes(state.epoch) && name.endsWith(".bytes"))
      .map((name) => {
        const { size, mode } = statSync(join(holder.dir, "state/processes", name));
        return { start: Number(basename(name, ".bytes")), size, mode };
      });
  // Written to the end, and all dropped that is to be: before that files go, and the tail moves.
  await until(() => {
    const files = held();
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    expect(Math.max(...files.map(({ start, size }) => start + size))).toBe(head);
    expect(bytes).toBeLessThanOrEqual(files.length === 1 ? 1024 * 1024 + 65_536 : 1024 * 1024);
  });
  for (const { mode } of held()) expect(mode & 0o777).toBe(0o600);
  const { tailOffset, records, bytes } = await link.readLog(state, 10);
  expect(tailOffset).toBeGreaterThan(head - 3 * 1024 * 1024);
  expect(records).toContainEqual({ kind: "gap", from: 10, to: tailOffset });
  expect(hash(bytes)).toBe(hash(expected(lines).slice(tailOffset, tailOffset + 1024 * 1024)));
  link.ack(slow.stream, 16_384);
  await until(() => expect(slow.records.some(({ kind }) => kind === "gap")).toBe(true));
  await link.ask({ op: "configure", terminalLogBytes: 64 * 1024 * 1024 });
});

test("a disk that takes no more ends the disk log, says so, and not the program", async () => {
  const state = await link.shell("disk", ["sh", "-c", "read line; echo after"]);
  const seen = link.follow(state);
  const root = join(holder.dir, "state/processes");
  const folder = readdirSync(root).find((name) => {
    const file = join(root, name, "process.json");
    return existsSync(file) && readFileSync(file, "utf8").includes(state.epoch);
  });
  writeFileSync(join(root, folder ?? "", state.epoch), "in the way of the log's directory");
  link.type(state, "go\n", 0);
  await until(() => expect(textOf(seen)).toContain("after\r\n"));
  await until(() => {
    const warnings = link.events.filter(({ handle, event }) => handle === state.handle && event.kind === "warning");
    expect(warnings).toHaveLength(1);
  });
  const late = link.follow(state);
  await until(() => expect(textOf(late)).toBe(textOf(seen)));
  // Whoever came after it was said is told too.
  const told = () => link.events.filter(({ handle, event }) => handle === state.handle && event.kind === "warning");
  await until(() => expect(told()).toHaveLength(2));
});

test("a snapshot is of the screen at its offset, and output goes on from there", async () => {
  const state = await link.shell("screen", [
    "sh",
    "-c",
    "printf 'one\\r\\n\\033[?1049h\\033[?1006h\\033[3;9r\\033[Htwo'; cat",
  ]);
  const seen = link.follow(state);
  await until(() => expect(textOf(seen)).toContain("two"));
  const { offset, cols, rows, bytes } = await link.snapshot(state);
  expect([offset, cols, rows]).toEqual([seen.length, 80, 24]);
  for (const part of ["one", "two", "\x1b[?1006h", "\x1b[3;9r"]) expect(bytes.toString()).toContain(part);
  await link.ask({ op: "kill", processId: "screen", graceMs: 500 });
  const last = await link.snapshot(state);
  expect(last.bytes.toString()).toContain("two");
});
