import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../../../kit/log";

/** `trouble` is why the last attempt failed, in the cluster's own words. */
export type BringUpState = { since: Date; trouble: string | null };

type Around = {
  /** Whether the pod is wanted up in the cluster already: unknown is never no. */
  isUp(): boolean | "unknown";
  /** Makes what is missing. May be repeated. */
  apply(signal: AbortSignal): Promise<void>;
  /** The state is another now. */
  changed(): void;
  log: Log;
  /** The usual one is right for a cluster; a test has no time. */
  pace?: typeof usual;
};

const usual = {
  firstRetryMs: 1_000,
  maxRetryMs: 30_000,
  /** For the watch to tell what was just made; it is asked for again after that. */
  seenMs: 10_000,
  /** While nothing is known, only news can help. */
  unknownMs: 60_000,
};

/** The wish that a pod comes up: tried again, slower each time, until the cluster has it or it is not wanted any more. */
export class BringUp {
  readonly #around: Around;
  #run: { since: Date; trouble: string | null; stop: AbortController; over: Promise<void> } | null = null;
  #news = new AbortController();

  constructor(around: Around) {
    this.#around = around;
  }

  state(): BringUpState | null {
    return this.#run && { since: this.#run.since, trouble: this.#run.trouble };
  }

  want(): void {
    if (this.#run || this.#around.isUp() === true) return;
    const stop = new AbortController();
    this.#run = { since: new Date(), trouble: null, stop, over: Promise.resolve() };
    this.#run.over = this.#work(stop.signal);
    this.#around.changed();
  }

  /** To be told when what is known of the cluster changed. */
  look(): void {
    this.#news.abort();
    this.#news = new AbortController();
  }

  /** Resolves once nothing is being made any more. */
  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = null;
    run?.stop.abort();
    await run?.over;
  }

  async #work(signal: AbortSignal): Promise<void> {
    const { firstRetryMs, maxRetryMs, seenMs, unknownMs } = this.#around.pace ?? usual;
    for (let failures = 0; !signal.aborted; ) {
      const isUp = this.#around.isUp();
      if (isUp === true) break;
      if (isUp === "unknown") {
        await this.#wait(unknownMs, AbortSignal.any([signal, this.#news.signal]));
        continue;
      }
      const news = this.#news.signal;
      failures = (await this.#apply(signal)) ? 0 : failures + 1;
      const retryMs = Math.min(maxRetryMs, firstRetryMs * 2 ** (failures - 1));
      // What a failed attempt made is news too: that one waits in any case.
      if (failures > 0) await this.#wait(retryMs, signal);
      else await this.#wait(seenMs, AbortSignal.any([signal, news]));
    }
    if (signal.aborted) return;
    this.#run = null;
    this.#around.changed();
  }

  async #apply(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#around.apply(signal);
      this.#tell(null);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      this.#around.log.warn("a repo pod cannot be made: it is tried again", { error });
      this.#tell(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #tell(trouble: string | null): void {
    if (!this.#run || this.#run.trouble === trouble) return;
    this.#run.trouble = trouble;
    this.#around.changed();
  }

  async #wait(ms: number, signal: AbortSignal): Promise<void> {
    await sleep(ms, undefined, { signal }).catch(() => {}); // the loop looks again
  }
}
