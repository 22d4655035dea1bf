import type { Budget } from "../pulls/forge-client";

type Window = { remaining: number; resetsAt: Date | null };

/** What one token asked of one forge, and may still ask, by the forge's own headers. */
export class RequestBudget {
  #requests = 0;
  #blockedUntil: Date | null = null;
  /** A forge may count several kinds of requests apart; one that names none has one. */
  readonly #windows = new Map<string, Window>();

  constructor(private readonly now: () => Date) {}

  asked(): void {
    this.#requests += 1;
  }

  answered({ headers, status }: Response): void {
    const number = (name: string) => {
      const value = headers.get(`x-${name}`) ?? headers.get(name);
      return value !== null && /^\d+$/.test(value) ? Number(value) : null;
    };
    const remaining = number("ratelimit-remaining");
    const reset = number("ratelimit-reset");
    const resetsAt = reset === null ? null : this.#ours(new Date(reset * 1_000), headers);
    if (remaining !== null) this.#windows.set(headers.get("x-ratelimit-resource") ?? "", { remaining, resetsAt });
    const after = headers.get("retry-after");
    if ((status === 429 || status === 403) && after !== null && /^\d+$/.test(after))
      this.#blockedUntil = new Date(this.now().getTime() + Number(after) * 1_000);
  }

  /** A time of the forge's clock as ours would tell it. */
  #ours(time: Date, headers: Headers): Date {
    const forgeNow = new Date(headers.get("date") ?? "");
    if (Number.isNaN(forgeNow.getTime())) return time;
    return new Date(time.getTime() + this.now().getTime() - forgeNow.getTime());
  }

  /** The tightest of what holds now. */
  reading(): Budget {
    const requests = this.#requests;
    if (this.#blockedUntil !== null && this.#blockedUntil > this.now())
      return { requests, remaining: 0, resetsAt: this.#blockedUntil };
    const current = [...this.#windows.values()].filter(({ resetsAt }) => resetsAt === null || resetsAt > this.now());
    const [tightest] = current.toSorted((a, b) => a.remaining - b.remaining);
    return { requests, remaining: tightest?.remaining ?? null, resetsAt: tightest?.resetsAt ?? null };
  }
}
