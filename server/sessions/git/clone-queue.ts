import { setTimeout as sleep } from "node:timers/promises";
import { GitError } from "./git";
import { troubleIn } from "./trouble";

/** `remoteHead` is the branch that the remote's HEAD named, as known before and as seen now. */
export type FetchOutcome =
  | { state: "fetched"; remoteHead: { before: string | null; now: string | null } }
  | { state: "failed"; reason: string };

/** Orders all that changes one clone: fetches, its records of worktrees, branches. */
export interface CloneQueue {
  /** Directory of the clone on the host. */
  readonly path: string;
  /** One at a time, in the order asked. Runs again while git says that something holds a lock: `work` must bear that. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** A fetch that began after this call. All who ask before it begins share it. */
  fetch(): Promise<FetchOutcome>;
  /** Runs only while nothing else wants the clone, and is aborted when something does. */
  whenIdle(work: (signal: AbortSignal) => Promise<void>): Promise<void>;
}

/** Together 20 s: a lock that stands longer was left by a git that died, and a person should read git's words. */
const lockWaitsMs = [50, 100, 200, 400, 800, 1_500, 2_000, 3_000, 4_000, 4_000, 4_000];

/** `signal` ends the waits and gives up all work that did not begin. */
export function createCloneQueue(options: {
  path: string;
  fetch: () => Promise<FetchOutcome>;
  signal: AbortSignal;
}): CloneQueue {
  const { path, fetch, signal } = options;
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let idleWork: AbortController | null = null;
  let nextFetch: Promise<FetchOutcome> | null = null;

  const enqueue = <T>(work: () => Promise<T>): Promise<T> => {
    waiting += 1;
    const result = tail
      .then(() => {
        signal.throwIfAborted();
        return work();
      })
      .finally(() => {
        waiting -= 1;
      });
    tail = result.catch(() => {}); // whoever asked is told; the next in line is not concerned
    return result;
  };

  const run = <T>(work: () => Promise<T>): Promise<T> => {
    idleWork?.abort();
    return enqueue(() => despiteLocks(work, signal));
  };

  return {
    path,
    run,
    fetch() {
      nextFetch ??= run(() => {
        nextFetch = null;
        return fetch();
      });
      return nextFetch;
    },
    async whenIdle(work) {
      if (waiting > 0) return;
      const idle = new AbortController();
      idleWork = idle;
      await enqueue(() => work(AbortSignal.any([signal, idle.signal])));
    },
  };
}

/** Again while git says that something holds a lock, as `run` of a queue: for what needs no queue. */
export async function despiteLocks<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const waitMs of lockWaitsMs) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GitError) || troubleIn(error.output) !== "lock") throw error;
      await sleep(waitMs, undefined, { signal });
    }
  }
  return work();
}
