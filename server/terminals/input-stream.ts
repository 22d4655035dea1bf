/** The contract's bound on input of one client that the kernel has not taken. */
const maxUnackedBytes = 256 * 1024;
/** How long after a new `attached` on the same socket frames may still arrive that were sent before it. */
const crossingMs = 2_000;

export type InputVerdict =
  | { kind: "malformed"; reason: string }
  /** Sent before the client saw its new `attached`: it is not acknowledged, so the client sends it again. */
  | { kind: "crossed" }
  /** From `position` on it is new; `skip` bytes at its start are known. */
  | { kind: "new"; position: number; skip: number }
  /** All of it is known: it is passed on as it is, for its acknowledgement may have been lost. */
  | { kind: "repeated" };

/** One client's input in one epoch. A hole would type something other than what was meant, so there is none. */
export class InputStream {
  /** Null until the first frame, where the holder does not know the client. */
  #expected: number | null = null;
  #written = 0;
  #taken = 0;
  #thrown = 0;
  /** True until the first frame of an attach: a client may go on behind input that it gave up. */
  #mayBegin = true;
  #crossingUntil = 0;

  /** Everything below was received; null when nothing is known. */
  get expected(): number | null {
    return this.#expected;
  }

  /** A new `attached` says that input goes on at `inputOffset`. */
  begin(inputOffset: number | null, sameSocketAt: number | null): void {
    this.#expected = inputOffset;
    this.#written = inputOffset ?? 0;
    this.#taken = inputOffset ?? 0;
    this.#mayBegin = true;
    this.#crossingUntil = sameSocketAt === null ? 0 : sameSocketAt + crossingMs;
  }

  take(position: number, length: number, now: number): InputVerdict {
    const hole = this.#expected !== null && position > this.#expected;
    if (hole && now < this.#crossingUntil) return { kind: "crossed" };
    if (hole && !this.#mayBegin) {
      return { kind: "malformed", reason: `input at ${position} where ${this.#expected} comes next` };
    }
    if (hole || this.#expected === null) {
      this.#expected = position;
      this.#written = position;
      this.#taken = position;
    }
    this.#mayBegin = false;
    const skip = this.#expected - position;
    if (skip >= length) return { kind: "repeated" };
    if (position + length - this.#taken > maxUnackedBytes) {
      return { kind: "malformed", reason: "more than 256 KiB of input is not acknowledged" };
    }
    this.#expected = position + length;
    return { kind: "new", position: position + skip, skip };
  }

  /** All that was received so far is on its way to the program. */
  wrote(): void {
    this.#written = this.#expected ?? 0;
  }

  /** The newest input goes nowhere. Gives what may be acknowledged at once: nothing while older input is on its way. */
  threw(): number | null {
    this.#thrown = this.#expected ?? 0;
    return this.#taken >= this.#written ? this.#thrown : null;
  }

  /** The kernel took all below `position`. Gives what to acknowledge: what was thrown away behind it too. */
  took(position: number): number {
    this.#taken = Math.max(this.#taken, position);
    return this.#taken >= this.#written ? Math.max(this.#taken, this.#thrown) : this.#taken;
  }

  /** Whether all of it was thrown away: then a repeat of it is too. */
  wasThrown(end: number): boolean {
    return end > this.#written && end <= this.#thrown;
  }
}
