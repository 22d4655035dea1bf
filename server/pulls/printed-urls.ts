/** Of each session, the newest. */
const most = 20;
const mostSessions = 1_000;

/** Addresses of pull requests that programs printed. In memory alone: a hint that is lost costs one click. */
export class PrintedUrls {
  readonly #urls = new Map<string, string[]>();

  /** True where it is new. */
  add(sessionId: string, url: string): boolean {
    const known = this.#urls.get(sessionId) ?? [];
    if (known.includes(url)) return false;
    this.#urls.delete(sessionId);
    this.#urls.set(sessionId, [...known, url].slice(-most));
    const [oldest] = this.#urls.keys();
    if (this.#urls.size > mostSessions && oldest !== undefined) this.#urls.delete(oldest);
    return true;
  }

  of(sessionId: string): string[] {
    return this.#urls.get(sessionId) ?? [];
  }
}
