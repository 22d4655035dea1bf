import { type FileHandle, mkdir, open, readdir, rm, stat, unlink } from "node:fs/promises";
import { join } from "node:path";

type Segment = { start: number; bytes: number };

const largestSegment = 4 * 1024 * 1024;
const smallestSegment = 64 * 1024;
const suffix = ".bytes";

/** One program's output on disk, in segment files named by the offset of their first byte: the oldest can be dropped. */
export class DiskLog {
  #segments: Segment[];
  /** Counted apart from the segments, which may all have been dropped. */
  #end: number;
  #file: FileHandle | null = null;

  private constructor(
    private readonly dir: string,
    segments: Segment[],
  ) {
    this.#segments = segments;
    const last = segments.at(-1);
    this.#end = last === undefined ? 0 : last.start + last.bytes;
  }

  /** Nothing is made before the first byte: a disk that cannot be written to keeps no program from starting. */
  static empty(dir: string): DiskLog {
    return new DiskLog(dir, []);
  }

  /** What an earlier holder left: the newest run of segments without a hole. */
  static async recover(dir: string): Promise<DiskLog> {
    const names = await readdir(dir).catch((): string[] => []);
    const found: Segment[] = [];
    for (const name of names.filter((each) => each.endsWith(suffix))) {
      const start = Number(name.slice(0, -suffix.length));
      if (Number.isSafeInteger(start)) found.push({ start, bytes: (await stat(join(dir, name))).size });
    }
    found.sort((one, other) => one.start - other.start);
    const broken = found.findLastIndex((segment, index) => {
      const next = found[index + 1];
      return next !== undefined && segment.start + segment.bytes !== next.start;
    });
    return new DiskLog(dir, found.slice(broken + 1));
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  get tail(): number {
    return this.#segments[0]?.start ?? 0;
  }

  /** Where the next byte is written, and what is below it (from `tail` on) can be read. */
  get end(): number {
    return this.#end;
  }

  /** Writes all of `pieces` at the end. Rejects when the disk does not take it: then this log ends there. */
  async append(pieces: Uint8Array[], maxBytes: number): Promise<void> {
    const segmentBytes = Math.min(largestSegment, Math.max(smallestSegment, Math.floor(maxBytes / 16)));
    let last = this.#segments.at(-1);
    if (last === undefined || last.bytes >= segmentBytes || this.#file === null) {
      await this.close();
      await mkdir(this.dir, { recursive: true, mode: 0o700 });
      last = { start: this.end, bytes: 0 };
      this.#file = await open(this.#path(last), "w", 0o600);
      this.#segments.push(last);
    }
    let rest = pieces;
    while (rest.length > 0) {
      const { bytesWritten } = await this.#file.writev(rest);
      last.bytes += bytesWritten;
      this.#end += bytesWritten;
      rest = without(rest, bytesWritten);
    }
    while (this.bytes > maxBytes && this.#segments.length > 1) await this.dropOldest();
  }

  async read(offset: number, limit: number): Promise<Uint8Array> {
    const segment = this.#segments.find(({ start, bytes }) => offset >= start && offset < start + bytes);
    if (segment === undefined) return new Uint8Array(0);
    const file = await open(this.#path(segment), "r").catch(ignoreMissing);
    if (file === undefined) {
      // Dropped meanwhile, or removed behind our back: up to here there is nothing any more.
      this.#segments = this.#segments.filter(({ start }) => start > segment.start);
      return new Uint8Array(0);
    }
    try {
      const from = offset - segment.start;
      const bytes = Buffer.allocUnsafe(Math.min(limit, segment.bytes - from));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      if (bytesRead === 0) throw new Error(`the log on disk is shorter than it was: ${this.#path(segment)}`);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** False when there is nothing to drop but what is being written. */
  async dropOldest(): Promise<boolean> {
    const writing = this.#file !== null && this.#segments.length === 1;
    const oldest = writing ? undefined : this.#segments.shift();
    if (oldest === undefined) return false;
    await unlink(this.#path(oldest)).catch(ignoreMissing);
    return true;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  async remove(): Promise<void> {
    await this.close();
    this.#segments = [];
    await rm(this.dir, { recursive: true, force: true });
  }

  #path({ start }: Segment): string {
    return join(this.dir, `${start}${suffix}`);
  }
}

function without(pieces: Uint8Array[], count: number): Uint8Array[] {
  let skip = count;
  const rest: Uint8Array[] = [];
  for (const piece of pieces) {
    if (skip < piece.length) rest.push(piece.subarray(skip));
    skip = Math.max(0, skip - piece.length);
  }
  return rest;
}

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
