import { AppError } from "../../domain/app-error";

/** At most `limit` failures per key in each window; at most 10,000 keys are kept, oldest first to go. */
export class RateLimit {
  readonly #failures = new Map<string, { count: number; since: number }>();

  constructor(
    readonly limit: number,
    readonly windowMs: number,
    readonly now: () => number,
  ) {}

  /** Throws `too-many` with the seconds left while the key has used up its failures. */
  check(key: string): void {
    const entry = this.#current(key);
    if (!entry || entry.count < this.limit) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((entry.since + this.windowMs - this.now()) / 1000));
    throw new AppError("too-many", `Too many attempts. Try again in ${retryAfterSeconds} s.`, {
      details: { retryAfterSeconds },
    });
  }

  failed(key: string): void {
    const entry = this.#current(key) ?? { count: 0, since: this.now() };
    this.#failures.delete(key);
    this.#failures.set(key, { ...entry, count: entry.count + 1 });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > 10_000 && oldest !== undefined) this.#failures.delete(oldest);
  }

  #current(key: string): { count: number; since: number } | null {
    const entry = this.#failures.get(key);
    return entry && this.now() - entry.since < this.windowMs ? entry : null;
  }
}
