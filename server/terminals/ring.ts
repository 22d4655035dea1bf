import type { PtyRecord } from "./pty-host";

export type RingMark = Extract<PtyRecord, { kind: "resized" | "gap" }>;

/** Where a reader is: the next byte, and the next mark among those that stand at it. `read` moves it on. */
export type RingCursor = { offset: number; mark: number };

export type RingRead =
  | { kind: "output"; offset: number; bytes: Uint8Array }
  | { kind: "mark"; mark: RingMark }
  | { kind: "end" }
  /** No longer here: the log has it. */
  | { kind: "behind" };

type Block = { offset: number; used: number; bytes: Uint8Array };

const blockBytes = 32 * 1024;
const maxMarks = 256;

/**
 * The newest output of one program, for its viewers. Blocks are only appended to, so bytes read from it stay as they
 * are after the ring let go of them; full means that the oldest block goes and readers behind it turn to the log.
 */
export class Ring {
  #blocks: Block[] = [];
  #marks: RingMark[] = [];
  /** Number of the first mark kept. */
  #firstMark = 0;
  #end: number;

  constructor(
    start: number,
    readonly capacityBytes: number,
  ) {
    this.#end = start;
  }

  /** Before it nothing is kept. */
  get start(): number {
    return this.#blocks[0]?.offset ?? this.#end;
  }

  get end(): number {
    return this.#end;
  }

  get heldBytes(): number {
    return this.#blocks.length * blockBytes;
  }

  /** Copies: a small piece of a network buffer would keep all of it in memory. */
  append(output: Uint8Array): void {
    let rest = output;
    while (rest.length > 0) {
      const block = this.#openBlock();
      const part = rest.subarray(0, blockBytes - block.used);
      block.bytes.set(part, block.used);
      block.used += part.length;
      this.#end += part.length;
      rest = rest.subarray(part.length);
    }
    while (this.#blocks.length * blockBytes > this.capacityBytes) this.#blocks.shift();
    this.#forgetMarks();
  }

  /** Output that nobody will read from here: only counted. */
  skip(bytes: number): void {
    this.#end += bytes;
    this.clear();
  }

  mark(mark: RingMark): void {
    this.#marks.push(mark);
    if (mark.kind === "gap") this.#end = mark.to;
    this.#forgetMarks();
  }

  cursorAt(offset: number): RingCursor {
    const index = this.#marks.findIndex((mark) => placeOf(mark) >= offset);
    return { offset, mark: this.#firstMark + (index === -1 ? this.#marks.length : index) };
  }

  /** For a reader that comes from the log, which gave it the marks that stand there: what the last of them said. */
  cursorBehind(offset: number): { cursor: RingCursor; size: { cols: number; rows: number } | null } {
    const cursor = this.cursorAt(offset);
    let size: { cols: number; rows: number } | null = null;
    for (let mark = this.#marks[cursor.mark - this.#firstMark]; mark?.kind === "resized" && mark.offset === offset; ) {
      size = { cols: mark.cols, rows: mark.rows };
      cursor.mark += 1;
      mark = this.#marks[cursor.mark - this.#firstMark];
    }
    return { cursor, size };
  }

  read(cursor: RingCursor, limitBytes: number): RingRead {
    if (cursor.offset < this.start || cursor.mark < this.#firstMark) return { kind: "behind" };
    const mark = this.#nextMark(cursor);
    if (mark && placeOf(mark) === cursor.offset) {
      cursor.mark += 1;
      if (mark.kind === "gap") cursor.offset = mark.to;
      return { kind: "mark", mark };
    }
    const block = this.#blocks.findLast((each) => each.offset <= cursor.offset);
    const from = block ? cursor.offset - block.offset : 0;
    if (!block || from >= block.used) return { kind: cursor.offset < this.#end ? "behind" : "end" };
    const limit = Math.min(limitBytes, mark ? placeOf(mark) - cursor.offset : limitBytes);
    const output = { offset: cursor.offset, bytes: block.bytes.subarray(from, Math.min(block.used, from + limit)) };
    cursor.offset += output.bytes.length;
    return { kind: "output", ...output };
  }

  /** Readers that are not at the end turn to the log. */
  clear(): void {
    this.#blocks = [];
    this.#forgetMarks();
  }

  /** Marks below the cursor came to its reader by the log. */
  #nextMark(cursor: RingCursor): RingMark | undefined {
    let mark = this.#marks[cursor.mark - this.#firstMark];
    while (mark && placeOf(mark) < cursor.offset) {
      cursor.mark += 1;
      mark = this.#marks[cursor.mark - this.#firstMark];
    }
    return mark;
  }

  #openBlock(): Block {
    const last = this.#blocks.at(-1);
    if (last && last.used < blockBytes && last.offset + last.used === this.#end) return last;
    const block = { offset: this.#end, used: 0, bytes: Buffer.allocUnsafeSlow(blockBytes) };
    this.#blocks.push(block);
    return block;
  }

  #forgetMarks(): void {
    const { start } = this;
    const kept = this.#marks.findIndex((mark) => placeOf(mark) >= start);
    const below = kept === -1 ? this.#marks.length : kept;
    const drop = Math.max(below, this.#marks.length - maxMarks);
    this.#marks.splice(0, drop);
    this.#firstMark += drop;
  }
}

const placeOf = (mark: RingMark) => (mark.kind === "gap" ? mark.from : mark.offset);
