/** Told by the reader at least this often: small beside what may be under way, so that a stream never waits for it. */
const tellEveryBytes = 64 * 1024;

/** What may be under way on a link: a key's echo may have to wait behind it, wherever on the way it is kept. */
export const inFlight = { urgentBytes: 512 * 1024, bulkBytes: 256 * 1024 } as const;

/**
 * How much of a link's bytes the other end has not taken yet, and what this end owes it a word about. Both ends count
 * every byte from the first. A socket that took bytes says nothing of it: over a pod's exec, megabytes lie between.
 */
export class LinkCredit {
  #sent = 0;
  #taken = 0;
  #received = 0;
  #told = 0;

  get underWay(): number {
    return this.#sent - this.#taken;
  }

  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /** The other end has taken all below `count`; one that is beyond what was sent counts as all. */
  taken(count: number): void {
    this.#taken = Math.max(this.#taken, Math.min(count, this.#sent));
  }

  /** The count that the other end is to be told now, or null while it need not be. */
  received(bytes: number): number | null {
    this.#received += bytes;
    if (this.#received - this.#told < tellEveryBytes) return null;
    this.#told = this.#received;
    return this.#received;
  }
}
