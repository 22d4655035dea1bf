import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ProcessState, ProgramState } from "../protocol/holder-protocol";
import { identityOf } from "./process-identity";
import { TestHolder, textOf } from "./testing/test-holder";

let holder: TestHolder;
beforeEach(async () => {
  holder = await TestHolder.started();
});
afterEach(() => holder.close());
const filesBelow = (dir: string) =>
  readdirSync(join(dir, "state/processes"), { recursive: true, encoding: "utf8" }).map((name) =>
    join(dir, "state/processes", name),
  );
const processFiles = (dir: string) =>
  filesBelow(dir)
    .filter((name) => name.endsWith("process.json"))
    .map((name) => readFileSync(name, "utf8"));
const outputFiles = (dir: string) => filesBelow(dir).filter((name) => name.endsWith(".bytes"));
/** Bytes of output on disk, of each program that has any. */
const outputsOnDisk = (dir: string) =>
  outputFiles(dir)
    .map((path) => statSync(path).size)
    .toSorted((one, other) => one - other);
const exitInFile = (dir: string) => processFiles(dir).some((content) => content.includes('"kind":"exit"'));
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { interval: 10 });

test("[I8] after a holder was killed, a new one ends what it left, and tells at which byte each ended", async () => {
  const link = await holder.link(3);
  const script = "trap '' HUP TERM; echo alive; setsid sleep 400 & sleep 401";
  const state = await link.shell("left", ["sh", "-c", script]);
  const seen = link.follow(state);
  await until(() => expect(textOf(seen)).toBe("alive\r\n"));
  await link.ask({ op: "resize", processId: "left", epoch: state.epoch, cols: 90, rows: 20 });
  const done = await link.shell("done", ["sh", "-c", "echo over; exit 7"]);
  const over = link.follow(done);
  await until(() => expect(over.records.at(-1)?.kind).toBe("exit"));
  await until(async () =>
    expect(
      (await link.ask<{ programs: ProgramState[] }>({ op: "programs", sessionId: "s1" })).programs.length,
    ).toBeGreaterThan(2),
  );
  // What a killed holder had not written yet is lost, and may be: here all is to be read back.
  await until(() => expect(exitInFile(holder.dir)).toBe(true));
  await until(() => expect(processFiles(holder.dir).join()).toContain('"cols":90,"rows":20'));
  await until(() => expect(outputsOnDisk(holder.dir)).toEqual(["over\r\n".length, "alive\r\n".length]));
  await holder.kill();
  await holder.start();

  const next = await holder.link(4);
  expect(next.welcome?.holderId).not.toBe(link.welcome?.holderId);
  expect(await next.ask({ op: "programs", sessionId: "s1" })).toEqual({ programs: [] });
  const { process: lost } = await next.ask<{ process: ProcessState }>({ op: "find", processId: "left" });
  expect(lost).toMatchObject({
    epoch: state.epoch,
    pid: null,
    cols: 90,
    rows: 20,
    headOffset: 7,
    exit: { reason: "lost", code: null, signal: null, offset: 7 },
  });
  const { process: ended } = await next.ask<{ process: ProcessState }>({ op: "find", processId: "done" });
  expect(ended.exit).toMatchObject({ reason: "exited", code: 7 });

  const again = next.follow(lost);
  await until(() => expect(again.records.at(-1)?.kind).toBe("exit"));
  expect(textOf(again)).toBe("alive\r\n");
  expect(again.records.some((record) => record.kind === "resized" && record.cols === 90)).toBe(true);
  const { bytes, offset } = await next.snapshot(lost);
  expect([offset, bytes.toString()]).toEqual([7, expect.stringContaining("alive")]);

  const fresh = await next.shell("left", ["echo", "new"]);
  expect(fresh.epoch).not.toBe(state.epoch);
});

test("[I8] an exit outlives a holder that kept its output nowhere: the log ends where it did, behind a gap", async () => {
  const link = await holder.link(3);
  await link.ask({ op: "configure", terminalLogBytes: 0 });
  const seen = link.follow(await link.shell("p", ["echo", "words"]));
  await until(() => expect(seen.records.at(-1)?.kind).toBe("exit"));
  await until(() => expect(exitInFile(holder.dir)).toBe(true));
  await holder.kill();
  await holder.start();
  const next = await holder.link(4);
  const { process: found } = await next.ask<{ process: ProcessState }>({ op: "find", processId: "p" });
  expect(found).toMatchObject({ headOffset: 7, exit: { reason: "exited", code: 0, offset: 7 } });
  const again = next.follow(found);
  await until(() => expect(again.records.at(-1)).toMatchObject({ kind: "exit", offset: 7 }));
  expect(again.records).toContainEqual({ kind: "gap", from: 0, to: 7 });
});

test("[I8] a size that a killed holder wrote down and not the output before it does not stand in the way of the end", async () => {
  const link = await holder.link(3);
  const state = await link.shell("p", ["sh", "-c", "echo words; exec sleep 403"]);
  const seen = link.follow(state);
  await until(() => expect(textOf(seen)).toBe("words\r\n"));
  await link.ask({ op: "resize", processId: "p", epoch: state.epoch, cols: 90, rows: 20 });
  await until(() => expect(processFiles(holder.dir)[0]).toContain('"cols":90,"rows":20'));
  await until(() => expect(outputsOnDisk(holder.dir)).toEqual([7]));
  await holder.kill();
  // As if the kill had come before the output was written.
  for (const path of outputFiles(holder.dir)) truncateSync(path, 2);
  await holder.start();
  const next = await holder.link(4);
  const { process: found } = await next.ask<{ process: ProcessState }>({ op: "find", processId: "p" });
  const again = next.follow(found);
  await until(() => expect(again.records.at(-1)).toMatchObject({ kind: "exit", offset: 2 }));
  expect(textOf(again)).toBe("wo");
});

test("the highest server number outlives the holder", async () => {
  await holder.link(9);
  await holder.kill();
  await holder.start();
  expect((await holder.link(8)).refused).toContain("server 9 has taken over from server 8");
});

test("a socket that a dead holder left is replaced", async () => {
  await holder.kill();
  expect(existsSync(holder.socket)).toBe(true);
  expect(await holder.start()).toContain("listens");
  expect((await holder.link()).welcome).not.toBeNull();
});

test("shutdown ends every program, keeps the logs, and the holder goes", async () => {
  const link = await holder.link();
  const state = await link.shell("p", ["sh", "-c", "echo words; trap '' TERM; sleep 402"]);
  const seen = link.follow(state);
  await until(() => expect(textOf(seen)).toBe("words\r\n"));
  const { child } = holder;
  const gone = new Promise((resolve) => child?.once("exit", resolve));
  await link.ask({ op: "shutdown", graceMs: 200 });
  expect(await gone).toBe(0);
  expect(identityOf(state.pid ?? 0)).toBeNull();
  await holder.start();
  const next = await holder.link();
  const { process: found } = await next.ask<{ process: ProcessState }>({ op: "find", processId: "p" });
  expect(found).toMatchObject({ headOffset: 7, exit: { reason: "killed" } });
});

test("a holder that is ending starts nothing", async () => {
  const link = await holder.link();
  const state = await link.shell("stays", [
    "sh",
    "-c",
    "trap '' TERM HUP; echo here; while [ -d \"$0\" ]; do sleep 0.1; done",
    holder.dir,
  ]);
  const stays = link.follow(state);
  await until(() => expect(textOf(stays)).toBe("here\r\n"));
  const { child } = holder;
  const gone = new Promise((resolve) => child?.once("exit", resolve));
  // It is ending for as long as the program stays, which is until it is killed here.
  await link.ask({ op: "shutdown", graceMs: 60_000 });
  await expect(link.shell("late", ["true"])).rejects.toThrow("going down");
  process.kill(state.pid ?? 0, "SIGKILL");
  await gone;
});
