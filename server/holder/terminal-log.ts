import type { ExitState } from "../protocol/holder-protocol";
import type { DiskLog } from "./disk-log";
import type { LogRecords, Size, StoredRecord } from "./log-records";
import { MemoryLog } from "./memory-log";

export type LogRead =
  | { kind: "bytes"; bytes: Uint8Array }
  /** On disk: read it with `load`. */
  | { kind: "disk"; end: number }
  | { kind: "gap"; to: number }
  | { kind: "end" };

export type LogHooks = {
  /** Bytes for this log on disk, looked at before each write. 0 keeps none there. */
  maxDiskBytes(): number;
  /** After a write; the sum over all logs has its own bound. */
  onDiskBytes(added: number): void;
  /** The disk took no more: what is not in memory is lost from here on. */
  onDiskFailure(error: unknown): void;
  /** Whether the writer is further behind than its bound: the program waits meanwhile. */
  onBehind(behind: boolean): void;
  onRecords(): void;
};

export const memoryBytes = 2 * 1024 * 1024;
const maxBehindBytes = 4 * 1024 * 1024;
const batchBytes = 1024 * 1024;
const eagerBytes = 256 * 1024;
/** A kill -9 loses at most what came in this time; a key's echo does not cost a write each. */
const lingerMs = 10;

/** One program's output and records: the newest in memory, more on disk. Nothing here waits for a reader. */
export class TerminalLog {
  readonly #memory: MemoryLog;
  #writing: Promise<void> | null = null;
  #linger: NodeJS.Timeout | null = null;
  #diskOn: boolean;
  #behind = false;

  constructor(
    readonly records: LogRecords,
    private readonly disk: DiskLog,
    private readonly hooks: LogHooks,
  ) {
    // What an earlier holder told an exit behind, and kept in memory only, is gone: the log ends where it did.
    this.#memory = new MemoryLog(Math.max(disk.end, records.exitOffset ?? 0));
    this.#diskOn = disk.end === this.head;
  }

  get head(): number {
    return this.#memory.head;
  }

  get tail(): number {
    return this.disk.bytes > 0 ? this.disk.tail : this.#memory.tail;
  }

  get diskBytes(): number {
    return this.disk.bytes;
  }

  /** Gives the same bytes, to keep: those of `chunk` were copied. */
  append(chunk: Uint8Array): Uint8Array[] {
    const kept = this.#memory.append(chunk);
    this.#schedule();
    this.#trim();
    return kept;
  }

  resized({ cols, rows }: Size): void {
    this.#record({ kind: "resized", offset: this.head, cols, rows });
  }

  exit(exit: ExitState): void {
    this.#record({ kind: "exit", offset: this.head, exit });
  }

  /** At most `limit` bytes at `offset`, in one piece. */
  read(offset: number, limit: number): LogRead {
    if (offset >= this.head) return { kind: "end" };
    const bytes = this.#memory.view(offset, limit);
    if (bytes !== null) return { kind: "bytes", bytes };
    if (this.disk.bytes > 0 && offset >= this.disk.tail && offset < this.disk.end) {
      return { kind: "disk", end: this.disk.end };
    }
    const onDisk = this.disk.bytes > 0 && offset < this.disk.tail;
    return { kind: "gap", to: onDisk ? this.disk.tail : this.#memory.tail };
  }

  /** Empty when it was dropped meanwhile: `read` again. */
  load(offset: number, limit: number): Promise<Uint8Array> {
    return this.disk.read(offset, limit);
  }

  /** All that is in memory is on disk, or the disk is off. */
  async flush(): Promise<void> {
    if (this.#linger !== null) clearTimeout(this.#linger);
    this.#linger = null;
    this.#startWriting();
    await this.#writing;
  }

  async dropOldest(): Promise<boolean> {
    return this.disk.dropOldest();
  }

  /** After the exit: memory is for what is running. */
  async settle(): Promise<void> {
    await this.flush();
    if (!this.#diskOn || this.disk.end !== this.head) return;
    await this.disk.close();
    this.#memory.dropBelow(this.head);
  }

  async close(): Promise<void> {
    await this.flush();
    await this.disk.close();
  }

  async remove(): Promise<void> {
    this.#diskOn = false;
    await this.flush();
    await this.disk.remove();
  }

  #record(record: StoredRecord): void {
    this.records.add(record);
    this.hooks.onRecords();
  }

  #schedule(): void {
    if (!this.#diskOn || this.#writing !== null) return;
    if (this.head - this.disk.end >= eagerBytes) {
      this.#startWriting();
      return;
    }
    this.#linger ??= setTimeout(() => {
      this.#linger = null;
      this.#startWriting();
    }, lingerMs);
  }

  #startWriting(): void {
    if (!this.#diskOn || this.#writing !== null) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = null;
      this.#trim();
    });
  }

  async #write(): Promise<void> {
    try {
      while (this.#diskOn && this.#persisted() < this.head) {
        const maxBytes = this.hooks.maxDiskBytes();
        if (maxBytes === 0) {
          this.#diskOn = false;
          return;
        }
        const before = this.disk.bytes;
        await this.disk.append(this.#views(this.#persisted()), maxBytes);
        this.hooks.onDiskBytes(this.disk.bytes - before);
        this.#trim();
      }
    } catch (error) {
      this.#diskOn = false;
      this.hooks.onDiskFailure(error);
    }
  }

  #persisted(): number {
    return this.disk.end;
  }

  #views(from: number): Uint8Array[] {
    const views: Uint8Array[] = [];
    let offset = from;
    while (offset < this.head && offset - from < batchBytes) {
      const view = this.#memory.view(offset, batchBytes);
      if (view === null) throw new Error(`the log lost its bytes from ${offset} on before they were written`);
      views.push(view);
      offset += view.length;
    }
    return views;
  }

  #trim(): void {
    const wanted = this.head - memoryBytes;
    this.#memory.dropBelow(this.#diskOn ? Math.min(wanted, this.disk.end) : wanted);
    this.records.dropBelow(this.tail);
    const behind = this.#diskOn && this.head - this.disk.end > maxBehindBytes;
    if (behind === this.#behind) return;
    this.#behind = behind;
    this.hooks.onBehind(behind);
  }
}
