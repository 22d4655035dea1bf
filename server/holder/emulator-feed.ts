import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { EmulatorListener, EmulatorPort, Snapshot } from "./emulator-port";
import type { FromEmulator, ToEmulator } from "./emulator-protocol";

export type FeedHooks = {
  opened(feed: EmulatorFeed): void;
  closed(): void;
  post(message: ToEmulator, transfer: ArrayBuffer[]): void;
};

type Step =
  | { kind: "output"; bytes: Uint8Array }
  | { kind: "resize"; cols: number; rows: number }
  | { kind: "snapshot"; request: number };
type Waiting = { resolve(snapshot: Snapshot): void; reject(error: Error): void };

/** At the worker at once for one terminal: what another one's query may have to wait behind. */
const underWayBytes = 512 * 1024;
const batchBytes = 128 * 1024;
const behindBytes = 32 * 1024 * 1024;

/** One terminal's end of the worker: keeps the order, batches, and knows how far behind the screen is. */
export class EmulatorFeed implements EmulatorPort {
  #listener: EmulatorListener | null = null;
  #steps: Step[] = [];
  #queuedBytes = 0;
  #fed = 0;
  #sent = 0;
  #parsed = 0;
  #behind = false;
  #size = { cols: 0, rows: 0 };
  readonly #waiting = new Map<number, Waiting>();
  #nextRequest = 1;
  /** After the end, while it is still being taken and packed too. */
  #last: Promise<Packed> | null = null;

  constructor(
    private readonly id: number,
    private readonly hooks: FeedHooks,
  ) {}

  start(listener: EmulatorListener): void {
    this.#listener = listener;
    this.#size = { cols: listener.cols, rows: listener.rows };
    this.#fed = listener.offset;
    this.#begin();
  }

  output(bytes: Uint8Array): void {
    if (this.#listener === null) return;
    this.#steps.push({ kind: "output", bytes });
    this.#queuedBytes += bytes.length;
    this.#fed += bytes.length;
    this.#watchLag();
    if (this.#sent === this.#parsed || this.#queuedBytes >= batchBytes) this.#pump();
  }

  resize(cols: number, rows: number): void {
    if (this.#listener === null) return;
    this.#size = { cols, rows };
    this.#steps.push({ kind: "resize", cols, rows });
    this.#pump();
  }

  async snapshot(signal: AbortSignal): Promise<Snapshot> {
    if (this.#last === null) return this.#take(signal);
    const { packed, ...at } = await this.#last;
    return { ...at, bytes: await promisify(gunzip)(packed) };
  }

  finish(): void {
    if (this.#listener === null || this.#last !== null) return;
    const last = this.#take(new AbortController().signal).then(pack);
    this.#last = last;
    // One that failed is told to whoever asks for it.
    last.catch(() => {}).finally(() => this.#end());
  }

  close(): void {
    this.#fail("the terminal is closed");
    this.#end();
  }

  receive(message: FromEmulator): void {
    switch (message.kind) {
      case "parsed":
        this.#parsed = message.offset;
        this.#listener?.onParsed(message.offset, message.answers);
        for (const event of message.events) this.#listener?.onEvent(event);
        this.#watchLag();
        this.#pump();
        return;
      case "snapshot": {
        const { offset, cols, rows, bytes, request } = message;
        this.#waiting.get(request)?.resolve({ offset, cols, rows, bytes });
        this.#waiting.delete(request);
        return;
      }
      case "failed":
        this.#waiting.get(message.request)?.reject(new Error(message.reason));
        this.#waiting.delete(message.request);
        return;
    }
  }

  /** The worker is another one. */
  restart(): void {
    const message = "the screen kept for this terminal was lost: it is drawn again from here on";
    this.#fail(message);
    this.#steps = [];
    this.#queuedBytes = 0;
    this.#begin();
    this.#listener?.onParsed(this.#fed, []);
    this.#watchLag();
    this.#listener?.onEvent({ kind: "warning", message });
  }

  /** There is no worker any more: the program goes on without a screen. */
  abandon(): void {
    const message = "no screen can be kept for this terminal: see the holder's log";
    this.#fail(message);
    this.#listener?.onParsed(this.#fed, []);
    if (this.#behind) this.#listener?.onBehind(false);
    this.#listener?.onEvent({ kind: "warning", message });
    this.#end();
  }

  #begin(): void {
    this.#sent = this.#fed;
    this.#parsed = this.#fed;
    this.hooks.opened(this);
    this.hooks.post({ kind: "open", id: this.id, offset: this.#fed, ...this.#size }, []);
  }

  #end(): void {
    if (this.#listener === null) return;
    this.#listener = null;
    this.#steps = [];
    this.hooks.post({ kind: "close", id: this.id }, []);
    this.hooks.closed();
  }

  #fail(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(reason));
    this.#waiting.clear();
  }

  #take(signal: AbortSignal): Promise<Snapshot> {
    if (this.#listener === null) return Promise.reject(new Error("no screen is kept for this terminal"));
    return new Promise((resolve, reject) => {
      const request = this.#nextRequest++;
      this.#waiting.set(request, { resolve, reject });
      signal.addEventListener("abort", () => {
        this.#waiting.delete(request);
        reject(new Error("the snapshot was not waited for"));
      });
      this.#steps.push({ kind: "snapshot", request });
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#sent - this.#parsed < underWayBytes) {
      const step = this.#steps[0];
      if (step === undefined) return;
      if (step.kind === "output") this.#sendOutput();
      else {
        this.#steps.shift();
        this.hooks.post({ ...step, id: this.id }, []);
      }
    }
  }

  #sendOutput(): void {
    const parts: Uint8Array[] = [];
    let length = 0;
    let count = 0;
    for (const step of this.#steps) {
      if (step.kind !== "output" || (length > 0 && length + step.bytes.length > batchBytes)) break;
      parts.push(step.bytes);
      length += step.bytes.length;
      count++;
    }
    this.#steps.splice(0, count);
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    this.#queuedBytes -= length;
    this.#sent += length;
    this.hooks.post({ kind: "output", id: this.id, bytes }, [bytes.buffer]);
  }

  #watchLag(): void {
    const lag = this.#fed - this.#parsed;
    const behind = this.#behind ? lag > behindBytes / 2 : lag > behindBytes;
    if (behind === this.#behind) return;
    this.#behind = behind;
    this.#listener?.onBehind(behind);
  }
}

type Packed = Omit<Snapshot, "bytes"> & { packed: Uint8Array };

/** A last screen of 10,000 lines is a megabyte, a tenth of it packed. */
async function pack({ bytes, ...at }: Snapshot): Promise<Packed> {
  return { ...at, packed: await promisify(gzip)(bytes) };
}
