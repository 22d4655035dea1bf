type Block = { start: number; bytes: Buffer; used: number };

const smallestBlock = 4 * 1024;
const largestBlock = 64 * 1024;

/**
 * The newest output in memory. Blocks are only ever appended to, so that a view given out stays true after its block
 * was dropped here.
 */
export class MemoryLog {
  #blocks: Block[] = [];
  #head: number;

  constructor(head: number) {
    this.#head = head;
  }

  get head(): number {
    return this.#head;
  }

  get tail(): number {
    return this.#blocks[0]?.start ?? this.#head;
  }

  /** Copies; gives the bytes where they are kept now. */
  append(chunk: Uint8Array): Uint8Array[] {
    const kept: Uint8Array[] = [];
    let from = 0;
    while (from < chunk.length) {
      const block = this.#writable();
      const take = Math.min(block.bytes.length - block.used, chunk.length - from);
      block.bytes.set(from === 0 && take === chunk.length ? chunk : chunk.subarray(from, from + take), block.used);
      kept.push(block.bytes.subarray(block.used, block.used + take));
      block.used += take;
      this.#head += take;
      from += take;
    }
    return kept;
  }

  /** What stands at `offset` in one piece, at most `limit`; null when it is not held. */
  view(offset: number, limit: number): Uint8Array | null {
    const block = this.#find(offset);
    if (block === undefined) return null;
    const from = offset - block.start;
    return block.bytes.subarray(from, Math.min(block.used, from + limit));
  }

  /** Drops whole blocks that end at or below `offset`. */
  dropBelow(offset: number): void {
    let count = 0;
    for (const block of this.#blocks) {
      if (block.start + block.used > offset) break;
      count++;
    }
    if (count > 0) this.#blocks.splice(0, count);
  }

  #writable(): Block {
    const last = this.#blocks.at(-1);
    if (last !== undefined && last.used < last.bytes.length) return last;
    const size = last === undefined ? smallestBlock : Math.min(largestBlock, last.bytes.length * 4);
    const block = { start: this.#head, bytes: Buffer.allocUnsafeSlow(size), used: 0 };
    this.#blocks.push(block);
    return block;
  }

  #find(offset: number): Block | undefined {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const block = this.#blocks[middle];
      if (block === undefined) return undefined;
      if (offset < block.start) high = middle - 1;
      else if (offset >= block.start + block.used) low = middle + 1;
      else return block;
    }
    return undefined;
  }
}
