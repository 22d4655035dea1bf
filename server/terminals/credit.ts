/**
 * How much one viewer may be sent: at most `windowBytes` beyond what it acknowledged. Bytes of a gap were never sent,
 * so they use no window, and an ack of all that came before a gap is an ack of the gap.
 */
export class Credit {
  #acked: number;
  #sent: number;
  #gaps: { from: number; to: number }[] = [];

  constructor(
    readonly windowBytes: number,
    offset: number,
  ) {
    this.#acked = offset;
    this.#sent = offset;
  }

  /** Everything below it was sent or declared gone. */
  get sent(): number {
    return this.#sent;
  }

  /** How many more bytes may go now. */
  get room(): number {
    const gone = this.#gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0);
    return this.windowBytes - (this.#sent - this.#acked - gone);
  }

  send(bytes: number): void {
    this.#sent += bytes;
  }

  skipTo(offset: number): void {
    this.#gaps.push({ from: this.#sent, to: offset });
    this.#sent = offset;
    this.#settle();
  }

  /** False for an ack beyond what was sent: the client is malformed. */
  ack(offset: number): boolean {
    if (offset > this.#sent) return false;
    this.#acked = Math.max(this.#acked, offset);
    this.#settle();
    return true;
  }

  #settle(): void {
    for (let gap = this.#gaps[0]; gap && gap.from <= this.#acked; gap = this.#gaps[0]) {
      this.#acked = Math.max(this.#acked, gap.to);
      this.#gaps.shift();
    }
  }
}
