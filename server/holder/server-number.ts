import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { isDiskFull } from "./disk-full";

/** The highest lease number of a server that was ever obeyed here, kept over restarts: an older one is never obeyed again. */
export class ServerNumber {
  #highest: number;

  /** `onUnsaved`: on a full disk the number holds for as long as this holder runs. */
  constructor(
    private readonly path: string,
    private readonly onUnsaved: (error: unknown) => void,
  ) {
    this.#highest = read(path);
  }

  get highest(): number {
    return this.#highest;
  }

  raise(number: number): void {
    if (number <= this.#highest) return;
    // On disk before the first order of the new server is taken.
    try {
      writeFileSync(`${this.path}.draft`, String(number), { mode: 0o600 });
      renameSync(`${this.path}.draft`, this.path);
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.onUnsaved(error);
    }
    this.#highest = number;
  }
}

function read(path: string): number {
  try {
    const number = Number(readFileSync(path, "utf8"));
    if (!Number.isSafeInteger(number)) throw new Error(`${path} does not hold a number`);
    return number;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Number.MIN_SAFE_INTEGER;
    throw error;
  }
}
