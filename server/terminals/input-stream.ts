/** The contract's bound on input of one client that the kernel has not taken. */
const maxUnackedBytes = 256 * 1024;

export type InputFrame = { position: number; bytes: Uint8Array };

export type InputVerdict =
  | { kind: "malformed"; reason: string }
  /** Not acknowledged: it may have been sent before the client saw its `attached`, and then comes again, in order. */
  | { kind: "held" }
  | { kind: "ignored" }
  | { kind: "new"; position: number; bytes: Uint8Array }
  /** All of it is known: it is passed on as it is, for its acknowledgement may have been lost. */
  | { kind: "repeated" };

const tooMuch: InputVerdict = { kind: "malformed", reason: "more than 256 KiB of input is not acknowledged" };

/** What becomes of input beyond what comes next. It is refused once a stream runs: a hole would type something else. */
type Beyond = "refuse" | "hold" | "ignore";

/** One client's input in one epoch, in order and without holes. */
export class InputStream {
  #expected = 0;
  #written = 0;
  #taken = 0;
  #thrown = 0;
  #beyond: Beyond = "hold";
  #held: InputFrame[] = [];

  /** Everything below was received. */
  get expected(): number {
    return this.#expected;
  }

  /** The stream of a new socket, or with `ignore` of a new program: what was typed for the old one is not for it. */
  begin(position: number, beyond: "hold" | "ignore"): void {
    this.#expected = position;
    this.#written = position;
    this.#taken = position;
    this.#thrown = 0;
    this.goOn(beyond);
  }

  /** After a pause in which nothing was taken, the client sends again from `expected`. */
  goOn(beyond: "hold" | "ignore" = "hold"): void {
    this.#beyond = beyond;
    this.#held = [];
  }

  take({ position, bytes }: InputFrame): InputVerdict {
    const end = position + bytes.length;
    if (position > this.#expected) return this.#beyondExpected({ position, bytes });
    if (end - this.#taken > maxUnackedBytes) return tooMuch;
    this.#beyond = "refuse";
    this.#held = [];
    const fresh = bytes.subarray(this.#expected - position);
    if (fresh.length === 0) return { kind: "repeated" };
    const verdict: InputVerdict = { kind: "new", position: this.#expected, bytes: fresh };
    this.#expected = end;
    return verdict;
  }

  /** Nothing came to fill the hole, so the client gave up what was in it: it goes on behind. */
  release(): InputFrame[] {
    const [first] = this.#held;
    const held = this.#held;
    this.#held = [];
    if (first) {
      this.#expected = first.position;
      this.#written = first.position;
      this.#taken = first.position;
    }
    return held;
  }

  /** All that was received so far is on its way to the program. */
  wrote(): void {
    this.#written = this.#expected;
  }

  /** The newest input goes nowhere. Gives what may be acknowledged at once: nothing while older input is on its way. */
  threw(): number | null {
    this.#thrown = this.#expected;
    return this.#taken >= this.#written ? this.#throughThrown() : null;
  }

  /** The kernel took all below `position`. Gives what to acknowledge: what was thrown away behind it too. */
  took(position: number): number {
    this.#taken = Math.max(this.#taken, position);
    return this.#taken >= this.#written ? this.#throughThrown() : this.#taken;
  }

  #throughThrown(): number {
    this.#taken = Math.max(this.#taken, this.#thrown);
    return this.#taken;
  }

  #beyondExpected(frame: InputFrame): InputVerdict {
    switch (this.#beyond) {
      case "refuse":
        return { kind: "malformed", reason: `input at ${frame.position} where ${this.#expected} comes next` };
      case "ignore":
        return { kind: "ignored" };
      case "hold": {
        const [first] = this.#held;
        const last = this.#held.at(-1);
        if (last && last.position + last.bytes.length !== frame.position)
          return { kind: "malformed", reason: "a hole in input" };
        if (first && frame.position + frame.bytes.length - first.position > maxUnackedBytes) return tooMuch;
        this.#held.push({ position: frame.position, bytes: frame.bytes.slice() });
        return { kind: "held" };
      }
    }
  }
}
