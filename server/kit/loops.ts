import { limited } from "./limited";

/** `again` at once; `waitMs` unless woken before; `rest` until woken. */
export type TurnOutcome = "again" | "rest" | { waitMs: number };

export interface Loops {
  /** Takes a turn soon: after the one under way, if there is one. Waking twice is waking once. */
  wake(key: string): void;
  /** As `wake`, but leaves alone what is under way or waits for its time. */
  ensure(key: string): void;
  /** Resolves when no turn is under way. */
  idle(): Promise<void>;
}

type Loop = { running: Promise<void> | null; woken: boolean; timer: NodeJS.Timeout | null };

/** One loop per key that never overlaps itself. A turn must not throw what it can handle: `onError` rests it for 10 s. */
export function createLoops(options: {
  turn(key: string): Promise<TurnOutcome>;
  /** Turns of all keys at one time. */
  atOnce: number;
  signal: AbortSignal;
  onError(key: string, error: unknown): void;
}): Loops {
  const { turn, atOnce, signal, onError } = options;
  const loops = new Map<string, Loop>();
  const slots = limited(atOnce);

  const takeTurn = (key: string): Promise<TurnOutcome> =>
    slots(async () => {
      try {
        return signal.aborted ? "rest" : await turn(key);
      } catch (error) {
        if (!signal.aborted) onError(key, error);
        return { waitMs: 10_000 };
      }
    });

  const run = async (key: string, loop: Loop): Promise<void> => {
    while (!signal.aborted) {
      loop.woken = false;
      const outcome = await takeTurn(key);
      if (loop.woken || outcome === "again") continue;
      loop.running = null;
      if (outcome === "rest") loops.delete(key);
      else if (!signal.aborted) loop.timer = setTimeout(() => wake(key), outcome.waitMs);
      return;
    }
    loop.running = null;
  };

  const wake = (key: string): void => {
    if (signal.aborted) return;
    const loop = loops.get(key) ?? { running: null, woken: false, timer: null };
    loops.set(key, loop);
    loop.woken = true;
    if (loop.timer) clearTimeout(loop.timer);
    loop.timer = null;
    loop.running ??= run(key, loop);
  };

  signal.addEventListener("abort", () => {
    for (const { timer } of loops.values()) if (timer) clearTimeout(timer);
  });

  return {
    wake,
    ensure(key) {
      if (!loops.has(key)) wake(key);
    },
    async idle() {
      await Promise.all([...loops.values()].map((loop) => loop.running));
    },
  };
}
