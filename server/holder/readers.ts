import type { Subscription } from "./subscription";

/** Who follows one program. The first output after quiet goes out at once; what follows in the same turn goes together. */
export class Readers {
  readonly #all = new Set<Subscription>();
  #batching = false;
  #unsent = false;

  add(reader: Subscription): void {
    this.#all.add(reader);
  }

  delete(reader: Subscription): void {
    this.#all.delete(reader);
  }

  close(): void {
    for (const reader of this.#all) reader.close();
  }

  tell(): void {
    this.#unsent = false;
    for (const reader of this.#all) reader.wake();
  }

  output(): void {
    if (this.#batching) {
      this.#unsent = true;
      return;
    }
    this.tell();
    this.#batching = true;
    setImmediate(() => this.#batch());
  }

  #batch(): void {
    if (!this.#unsent) {
      this.#batching = false;
      return;
    }
    this.tell();
    setImmediate(() => this.#batch());
  }
}
