import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** The highest lease number of a server that was ever obeyed here, kept over restarts: an older one is never obeyed again. */
export class ServerNumber {
  #highest: number;

  constructor(private readonly path: string) {
    this.#highest = read(path);
  }

  get highest(): number {
    return this.#highest;
  }

  raise(number: number): void {
    if (number <= this.#highest) return;
    // On disk before the first order of the new server is taken.
    writeFileSync(`${this.path}.draft`, String(number), { mode: 0o600 });
    renameSync(`${this.path}.draft`, this.path);
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
