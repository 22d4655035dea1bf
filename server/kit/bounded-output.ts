/**
 * One output stream of a command: the first and the last half of `limitBytes`. What fell out between them is said in
 * its place, so that nobody reads a shortened output as a whole one.
 */
export class BoundedOutput {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  #dropped = 0;

  constructor(limitBytes: number) {
    this.#headLimit = Math.ceil(limitBytes / 2);
    this.#tailLimit = Math.floor(limitBytes / 2);
  }

  /** Keeps the bytes: the caller must not write to them again. */
  push(bytes: Uint8Array): void {
    const room = this.#headLimit - this.#headBytes;
    if (room > 0) {
      this.#head.push(bytes.subarray(0, room));
      this.#headBytes += Math.min(room, bytes.length);
    }
    if (bytes.length <= room) return;
    const rest = bytes.subarray(Math.max(room, 0));
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    let first = this.#tail[0];
    while (first && this.#tailBytes - first.length >= this.#tailLimit) {
      this.#tail.shift();
      this.#tailBytes -= first.length;
      this.#dropped += first.length;
      first = this.#tail[0];
    }
  }

  bytes(): Uint8Array {
    const over = Math.max(0, this.#tailBytes - this.#tailLimit);
    const tail = Buffer.concat(this.#tail).subarray(over);
    const dropped = this.#dropped + over;
    const said = dropped === 0 ? [] : [Buffer.from(`\n[${dropped} bytes left out here]\n`)];
    return new Uint8Array(Buffer.concat([...this.#head, ...said, tail]));
  }
}
