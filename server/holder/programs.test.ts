import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { HolderRequest, ProgramState } from "../protocol/holder-protocol";
import { identityOf } from "./process-identity";
import { TestHolder, type TestLink, textOf } from "./testing/test-holder";

let holder: TestHolder;
let link: TestLink;
beforeAll(async () => {
  holder = await TestHolder.started();
  link = await holder.link();
});
afterAll(() => holder.close());

const until = (check: () => void | Promise<void>) => vi.waitFor(check, { interval: 20 });
const programs = async (sessionId: string) => {
  const { programs: found } = await link.ask<{ programs: ProgramState[] }>({ op: "programs", sessionId });
  return found;
};
// A zombie that its parent has not looked at yet is over.
const isAlive = (pid: number) => identityOf(pid) !== null;

async function bash(processId: string, sessionId: string) {
  const state = await link.shell(processId, ["bash", "--norc", "--noprofile", "-i"], { sessionId });
  const seen = link.follow(state);
  await until(() => expect(textOf(seen)).toContain("$ "));
  let position = 0;
  const type = (text: string) => {
    link.type(state, text, position);
    position += text.length;
  };
  return { state, seen, type };
}

test("a shell at its prompt is no running program; what it runs is, in front and behind", async () => {
  const shell = await bash("jobs", "session-jobs");
  expect(await programs("session-jobs")).toEqual([]);
  shell.type("sleep 301 &\nsleep 302\n");
  await until(async () => {
    const found = await programs("session-jobs");
    expect(found.map(({ command }) => command).sort()).toEqual(["sleep 301", "sleep 302"]);
    expect(found.every(({ terminalId }) => terminalId === link.own("jobs"))).toBe(true);
    for (const { startedAt } of found) expect(Math.abs(Date.now() - (startedAt ?? 0))).toBeLessThan(60_000);
  });
  expect(await programs("another-session")).toEqual([]);
  const left = await link.ask({ op: "stop-programs", sessionId: "session-jobs", graceMs: 2000 });
  expect(left).toEqual({ programs: [] });
  await until(() => expect(shell.seen.records.at(-1)).toMatchObject({ kind: "exit", exit: { reason: "killed" } }));
});

test("a shell that runs a script is a program", async () => {
  await link.shell("script", ["sh", "-c", "while :; do sleep 0.2; done"], { sessionId: "session-script" });
  await until(async () => {
    const commands = (await programs("session-script")).map(({ command }) => command);
    expect(commands).toContain("sh -c while :; do sleep 0.2; done");
  });
  await link.ask({ op: "stop-programs", sessionId: "session-script", graceMs: 2000 });
});

test("what became a daemon is found and ended, also when it ignores everything but KILL", async () => {
  const shell = await bash("daemon", "session-daemon");
  shell.type(
    "(trap '' TERM HUP; setsid sh -c \"trap '' TERM HUP; while :; do sleep 300; done\" </dev/null >/dev/null 2>&1 &)\n",
  );
  let pid = 0;
  await until(async () => {
    const found = await programs("session-daemon");
    expect(found.map(({ command }) => command)).toContain("sleep 300");
    pid = found[0]?.pid ?? 0;
  });
  shell.type("exit\n");
  await until(() => expect(shell.seen.records.at(-1)?.kind).toBe("exit"));
  expect((await programs("session-daemon")).length).toBeGreaterThan(0);
  expect(await link.ask({ op: "stop-programs", sessionId: "session-daemon", graceMs: 200 })).toEqual({ programs: [] });
  expect(isAlive(pid)).toBe(false);
});

test("closing one terminal leaves the programs of the others", async () => {
  await link.shell("one", ["sleep", "303"], { sessionId: "session-two" });
  await link.shell("two", ["sleep", "304"], { sessionId: "session-two" });
  const commands = async () => (await programs("session-two")).map(({ command }) => command).sort();
  // A program is opened a moment before it is what it was asked to be.
  await until(async () => expect(await commands()).toEqual(["sleep 303", "sleep 304"]));
  await link.ask({ op: "kill", processId: "one", graceMs: 1000 });
  expect(await commands()).toEqual(["sleep 304"]);
  await link.ask({ op: "kill", processId: "two", graceMs: 1000 });
});

test("a command carries no mark, and is ended by cancel, by its time, and with its link", async () => {
  const timedOut = await link.run(["/bin/sh", "-c", "sleep 305 & sleep 305"], { timeoutMs: 300 });
  expect(timedOut).toMatchObject({ timedOut: true, code: null, signal: "SIGTERM" });
  const argv = ["/bin/sh", "-c", "echo $$ > pid; exec sleep 306"];
  const run: HolderRequest = { op: "run", argv, env: {}, timeoutMs: 60_000, cwd: holder.dir };
  const { stream, result } = link.begin(run);
  const pidOf = async () => Number((await link.run(["/bin/cat", "pid"], { cwd: holder.dir })).stdout);
  let pid = 0;
  await until(async () => {
    pid = await pidOf();
    expect(pid).toBeGreaterThan(0);
  });
  link.cancel(stream);
  expect(await result).toMatchObject({ code: null, signal: "SIGTERM" });
  const other = await holder.link();
  void other.begin(run).result.catch(() => {});
  await until(async () => {
    expect(await pidOf()).not.toBe(pid);
    expect(await pidOf()).toBeGreaterThan(0);
  });
  pid = await pidOf();
  expect(isAlive(pid)).toBe(true);
  other.close();
  await until(() => expect(isAlive(pid)).toBe(false));
});

test("a command gives both streams whole and its code; one that cannot start is 127 with the reason", async () => {
  const big = await link.run(["/bin/sh", "-c", "head -c 3000000 /dev/zero | tr '\\0' x; echo bad >&2; exit 4"]);
  expect(big).toMatchObject({ code: 4, stderr: "bad\n", timedOut: false });
  expect(big.stdout.length).toBe(3_000_000);
  const input = "line\n".repeat(100_000);
  expect((await link.run(["/bin/cat"], { input })).stdout).toBe(input);
  expect(await link.run(["/no/such"])).toMatchObject({ code: 127, stderr: expect.stringContaining("/no/such") });
  expect(await link.run(["/bin/pwd"], { cwd: "/no/dir" })).toMatchObject({
    code: 127,
    stderr: expect.stringContaining("/no/dir"),
  });
});

test("a command whose child keeps its pipes ends all the same", async () => {
  const ran = await link.run(["/bin/sh", "-c", "sleep 307 & echo done; echo $! >&2"], { timeoutMs: 20_000 });
  expect(ran).toMatchObject({ code: 0, stdout: "done\n", timedOut: false });
  process.kill(Number(ran.stderr));
});
