import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createCloneQueue, type FetchOutcome } from "./clone-queue";
import { GitError } from "./git";

let abort: AbortController;
beforeEach(() => {
  abort = new AbortController();
});
afterEach(() => abort.abort());

const fetched: FetchOutcome = { state: "fetched", remoteHead: { before: null, now: null } };
const queueOf = (fetch: () => Promise<FetchOutcome> = async () => fetched) =>
  createCloneQueue({ path: "/clone", fetch, signal: abort.signal });

describe("the queue of a clone", () => {
  it("takes one at a time in the order asked, and a failure concerns only who asked", async () => {
    const queue = queueOf();
    const order: number[] = [];
    const failing = queue.run(async () => {
      order.push(1);
      throw new Error("mine");
    });
    const next = queue.run(async () => void order.push(2));
    await expect(failing).rejects.toThrow("mine");
    await next;
    expect(order).toEqual([1, 2]);
  });

  it("gives all who wait for a fetch the same one, and who asks during one the next", async () => {
    let fetches = 0;
    const gates: (() => void)[] = [];
    const queue = queueOf(async () => {
      fetches += 1;
      await new Promise<void>((resolve) => gates.push(resolve));
      return fetched;
    });
    const first = [queue.fetch(), queue.fetch(), queue.fetch()];
    await vi.waitFor(() => expect(gates.length).toBe(1));
    const second = [queue.fetch(), queue.fetch()];
    gates.shift()?.();
    await Promise.all(first);
    await vi.waitFor(() => expect(gates.length).toBe(1));
    gates.shift()?.();
    await Promise.all(second);
    expect(fetches).toBe(2);
  });

  it("runs again while git says that something holds a lock, and not for any other reason", async () => {
    const queue = queueOf();
    let tries = 0;
    const locked = new GitError(["fetch"], 128, "fatal: Unable to create '/clone/.git/packed-refs.lock': File exists.");
    const outcome = await queue.run(async () => {
      tries += 1;
      if (tries < 3) throw locked;
      return "through";
    });
    expect([outcome, tries]).toEqual(["through", 3]);
    tries = 0;
    const refused = queue.run(async () => {
      tries += 1;
      throw new GitError(["fetch"], 128, "fatal: Authentication failed");
    });
    await expect(refused).rejects.toThrow("Authentication failed");
    expect(tries).toBe(1);
  });

  it("gives up what is idle work as soon as someone wants the clone", async () => {
    const queue = queueOf();
    let ended = false;
    const begun = new Promise<void>((resolve) => {
      void queue.whenIdle(async (signal) => {
        resolve();
        await new Promise<void>((over) => signal.addEventListener("abort", () => over()));
        ended = true;
      });
    });
    await begun;
    await queue.run(async () => expect(ended).toBe(true));
    const busy = queue.run(() => new Promise((resolve) => setImmediate(resolve)));
    let ran = false;
    await queue.whenIdle(async () => {
      ran = true;
    });
    await busy;
    expect(ran).toBe(false);
  });

  it("begins nothing after the end", async () => {
    const queue = queueOf();
    abort.abort();
    await expect(queue.run(async () => "never")).rejects.toThrow();
  });
});
