/** Input of one client to one program, from what the holder acknowledged to what was written last. */
export class KeptInput {
  #pieces: { position: number; bytes: Uint8Array }[] = [];
  #bytes = 0;
  #sentTo = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** What is kept already is not kept twice: a viewer that came back sends its last input again. */
  fresh(position: number, bytes: Uint8Array): Uint8Array {
    const last = this.#pieces.at(-1);
    return bytes.subarray(last ? Math.max(0, last.position + last.bytes.length - position) : 0);
  }

  add(position: number, bytes: Uint8Array): void {
    const fresh = this.fresh(position, bytes);
    if (fresh.length === 0) return;
    this.#pieces.push({ position: position + bytes.length - fresh.length, bytes: fresh.slice() });
    this.#bytes += fresh.length;
  }

  ack(position: number): void {
    for (let first = this.#pieces[0]; first && first.position < position; first = this.#pieces[0]) {
      const taken = Math.min(first.bytes.length, position - first.position);
      this.#bytes -= taken;
      if (taken === first.bytes.length) {
        this.#pieces.shift();
      } else {
        this.#pieces[0] = { position, bytes: first.bytes.subarray(taken) };
        return;
      }
    }
  }

  /** What this connection has not been sent, in pieces of at most `maxBytes`. */
  *unsent(maxBytes: number): Generator<{ position: number; bytes: Uint8Array }> {
    for (const piece of this.#pieces) {
      for (let at = Math.max(0, this.#sentTo - piece.position); at < piece.bytes.length; at += maxBytes) {
        const bytes = piece.bytes.subarray(at, at + maxBytes);
        this.#sentTo = piece.position + at + bytes.length;
        yield { position: piece.position + at, bytes };
      }
    }
  }

  /** A new connection has been sent nothing. */
  rewind(): void {
    this.#sentTo = 0;
  }
}
