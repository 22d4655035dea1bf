import { existsSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ProcessState, ProgramState } from "../protocol/holder-protocol";
import { identityOf } from "./process-identity";
import { TestHolder, textOf } from "./testing/test-holder";

let holder: TestHolder;
beforeEach(async () => {
  holder = await TestHolder.started();
});
afterEach(() => holder.close());
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

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
