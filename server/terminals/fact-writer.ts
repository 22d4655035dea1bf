import type { Log } from "../kit/log";
import type { TerminalPatch } from "./terminal-store";

const intervalMs = 1_000;

/** Facts that change with every keystroke of a program (title, size) are written at most once a second. */
export class FactWriter {
  #patch: TerminalPatch | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly write: (patch: TerminalPatch) => Promise<void>,
    readonly log: Log,
  ) {}

  put(patch: TerminalPatch): void {
    this.#patch = { ...this.#patch, ...patch };
    this.#timer ??= setTimeout(() => void this.flush(), intervalMs);
    this.#timer.unref();
  }

  /** A failed write is tried again with the next. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const patch = this.#patch;
    this.#patch = null;
    if (!patch) return;
    try {
      await this.write(patch);
    } catch (error) {
      this.log.warn("a terminal's facts were not written", { error: String(error) });
      this.#patch = { ...patch, ...(this.#patch as TerminalPatch | null) };
    }
  }

  drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#patch = null;
  }
}
