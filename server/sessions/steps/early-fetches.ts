import type { CloneQueue, FetchOutcome } from "../git/clone-queue";

/** Fetches that are begun before their step is there: what stands before it needs nothing of them, and takes as long. */
export class EarlyFetches {
  readonly #underWay = new Map<string, Promise<FetchOutcome>>();

  begin(sessionId: string, queue: CloneQueue): void {
    const fetch = queue.fetch();
    fetch.catch(() => {}); // the step is told, or nobody needs to be
    this.#underWay.set(sessionId, fetch);
  }

  /** For the step, once: taken again, it fetches again. */
  take(sessionId: string): Promise<FetchOutcome> | null {
    const fetch = this.#underWay.get(sessionId) ?? null;
    this.forget(sessionId);
    return fetch;
  }

  /** What comes before the step is not done after all, so it would be an old one by then. */
  forget(sessionId: string): void {
    this.#underWay.delete(sessionId);
  }
}
