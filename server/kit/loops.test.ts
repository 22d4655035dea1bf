import { afterEach, expect, it, vi } from "vitest";
import { backoffMs } from "./backoff";
import { createLoops, type TurnOutcome } from "./loops";

const abort = { current: new AbortController() };
afterEach(() => {
  abort.current.abort();
  abort.current = new AbortController();
});

function loopsOf(turn: (key: string) => Promise<TurnOutcome>, atOnce = 8, errors: unknown[] = []) {
  return createLoops({ turn, atOnce, signal: abort.current.signal, onError: (_, error) => void errors.push(error) });
}

it("a key never has two turns at once, and a wake during a turn brings one more", async () => {
  let running = 0;
  let turns = 0;
  const gates: (() => void)[] = [];
  const loops = loopsOf(async () => {
    running += 1;
    expect(running).toBe(1);
    await new Promise<void>((resolve) => gates.push(resolve));
    running -= 1;
    turns += 1;
    return "rest";
  });
  loops.wake("a");
  loops.wake("a");
  await vi.waitFor(() => expect(gates.length).toBe(1));
  loops.wake("a");
  loops.wake("a");
  gates.shift()?.();
  await vi.waitFor(() => expect(gates.length).toBe(1));
  gates.shift()?.();
  await loops.idle();
  expect(turns).toBe(2);
});

it("no more turns are under way than were allowed", async () => {
  let running = 0;
  let most = 0;
  const loops = loopsOf(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return "rest";
  }, 3);
  for (let key = 0; key < 20; key += 1) loops.wake(String(key));
  await loops.idle();
  expect(most).toBe(3);
});

it("a turn that waits is taken when its time has come, or when it is woken", async () => {
  const turns: string[] = [];
  const loops = loopsOf(async (key) => {
    turns.push(key);
    return { waitMs: key === "soon" && turns.length < 5 ? 1 : 3_600_000 };
  });
  loops.wake("soon");
  await vi.waitFor(() => expect(turns.length).toBe(5));
  loops.ensure("soon");
  loops.wake("soon");
  await vi.waitFor(() => expect(turns.length).toBe(6));
});

it("one that throws is told and does not end the others, and none is begun after the end", async () => {
  const errors: unknown[] = [];
  const seen: string[] = [];
  const loops = loopsOf(
    async (key) => {
      seen.push(key);
      if (key === "bad") throw new Error("bad");
      return "rest";
    },
    8,
    errors,
  );
  loops.wake("bad");
  loops.wake("good");
  await loops.idle();
  expect(seen).toEqual(["bad", "good"]);
  expect(errors).toEqual([new Error("bad")]);
  abort.current.abort();
  loops.wake("late");
  await loops.idle();
  expect(seen).not.toContain("late");
});

it("waits grow to their bound and no further, and differ", () => {
  expect(backoffMs(0, 60_000, () => 1)).toBe(1_000);
  expect(backoffMs(0, 60_000, () => 0)).toBe(500);
  expect(backoffMs(4, 60_000, () => 1)).toBe(16_000);
  expect(backoffMs(1_000, 60_000, () => 1)).toBe(60_000);
});
