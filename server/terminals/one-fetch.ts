const retryMs = 1_000;

/** One question to the host at a time, on behalf of one viewer; an answer that comes after `stop` is not heard. */
export class OneFetch {
  #round = 0;
  #asking = false;
  #retry: NodeJS.Timeout | undefined;

  /** While it is, nothing else is asked. */
  get busy(): boolean {
    return this.#asking || this.#retry !== undefined;
  }

  ask<T>(question: () => Promise<T>, then: { done(answer: T): void; failed(error: unknown): void }): void {
    const round = this.#round;
    this.#asking = true;
    const heard = () => {
      if (round !== this.#round) return false;
      this.#asking = false;
      return true;
    };
    question().then(
      (answer) => heard() && then.done(answer),
      (error: unknown) => heard() && then.failed(error),
    );
  }

  /** Busy until then, or until `hurry`. */
  waitThen(work: () => void): void {
    this.hurry();
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      work();
    }, retryMs);
    this.#retry.unref();
  }

  /** The host is back: no need to wait longer. */
  hurry(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  stop(): void {
    this.hurry();
    this.#round += 1;
    this.#asking = false;
  }
}
