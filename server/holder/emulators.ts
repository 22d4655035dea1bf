import { Worker } from "node:worker_threads";
import { EmulatorFeed } from "./emulator-feed";
import type { EmulatorPort } from "./emulator-port";
import type { FromEmulator, ToEmulator } from "./emulator-protocol";

const maxEndsPerMinute = 5;

/** The screens of all terminals, in one worker thread: parsing never stands between a program and its readers. */
export class Emulators {
  readonly #feeds = new Map<number, EmulatorFeed>();
  #worker: Worker | null = null;
  #nextId = 1;
  #ends: number[] = [];
  #closed = false;

  constructor(
    private readonly onError: (error: unknown) => void,
    private readonly file: URL = new URL("./emulator-worker.mjs", import.meta.url),
  ) {
    // Now, for the first program's first question must not wait until a thread has started.
    this.#running();
  }

  open(): EmulatorPort {
    const id = this.#nextId++;
    return new EmulatorFeed(id, {
      opened: (feed) => this.#feeds.set(id, feed),
      closed: () => this.#feeds.delete(id),
      post: (message, transfer) => this.#post(message, transfer),
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  #post(message: ToEmulator, transfer: ArrayBuffer[]): void {
    if (!this.#closed) this.#running().postMessage(message, transfer);
  }

  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.file, { env: {}, argv: [], execArgv: [] });
    this.#worker = worker;
    worker.on("message", (message: FromEmulator) => this.#feeds.get(message.id)?.receive(message));
    worker.on("error", (error) => this.#ended(worker, error));
    worker.on("exit", (code) => this.#ended(worker, new Error(`the emulator thread ended with ${code}`)));
    worker.unref();
    return worker;
  }

  /** Out of memory, or a bug: the programs go on, and their screens begin again empty. */
  #ended(worker: Worker, error: unknown): void {
    if (this.#worker !== worker || this.#closed) return;
    this.#worker = null;
    this.onError(error);
    const now = performance.now();
    this.#ends = [...this.#ends.filter((at) => now - at < 60_000), now];
    // One that cannot run at all: a program without a screen is better than one that waits for it.
    this.#closed = this.#ends.length > maxEndsPerMinute;
    for (const feed of [...this.#feeds.values()]) {
      if (this.#closed) feed.abandon();
      else feed.restart();
    }
  }
}
