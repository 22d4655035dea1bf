import type { ProcessState } from "../../protocol/holder-protocol";

/** One process and epoch as a map key. */
export const processKey = (processId: string, epoch: string): string => JSON.stringify([processId, epoch]);

/** What the holder calls each (process, epoch) on this connection. */
export class Handles {
  readonly #handles = new Map<string, number>();
  readonly #keys = new Map<number, string>();

  /** True when the handle is news. */
  learn({ processId, epoch, handle }: ProcessState): boolean {
    const key = processKey(processId, epoch);
    if (this.#handles.get(key) === handle) return false;
    this.#handles.set(key, handle);
    this.#keys.set(handle, key);
    return true;
  }

  handleOf(key: string): number | undefined {
    return this.#handles.get(key);
  }

  keyOf(handle: number): string | undefined {
    return this.#keys.get(handle);
  }

  clear(): void {
    this.#handles.clear();
    this.#keys.clear();
  }
}
