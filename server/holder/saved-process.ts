import { LatestWrite } from "./latest-write";
import { type ProcessFile, writeProcessFile } from "./process-file";

const soonMs = 1000;

/** What stands on disk of one program: written when it changed, the newest only. */
export class SavedProcess {
  readonly #write: LatestWrite;
  #timer: NodeJS.Timeout | null = null;

  constructor(dir: string, content: () => ProcessFile, onError: (error: unknown) => void) {
    this.#write = new LatestWrite(() => writeProcessFile(dir, content()), onError);
  }

  /** For what changes many times a second, as a spinner in a title does. */
  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), soonMs);
  }

  now(): void {
    this.#drop();
    this.#write.request();
  }

  /** All that was asked for is on disk, or the disk did not take it. */
  idle(): Promise<void> {
    return this.#write.idle();
  }

  /** Nothing is written after this but what is under way. */
  close(): Promise<void> {
    this.#drop();
    return this.#write.idle();
  }

  #drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
