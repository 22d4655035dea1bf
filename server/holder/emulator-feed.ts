import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { type EmulatorListener, type EmulatorPort, type Snapshot, scrollbackLines } from "./emulator-port";
import type { FromEmulator, ToEmulator } from "./emulator-protocol";
import { PlainOutput } from "./plain-output";
import { type Skip, skipPlain, type Waiting } from "./skip-plain";
import { memoryBytes } from "./terminal-log";

export type FeedHooks = {
  opened(feed: EmulatorFeed): void;
  closed(): void;
  post(message: ToEmulator, transfer: ArrayBuffer[]): void;
};

type FeedLimits = { scrollback: number; heldBytes: number; underWayBytes: number };

type Step = Waiting | Skip | { kind: "resize"; cols: number; rows: number } | { kind: "snapshot"; request: number };
type Asked = { resolve(snapshot: Snapshot): void; reject(error: Error): void };

const batchBytes = 128 * 1024;
const behindBytes = 32 * 1024 * 1024;
const defaultLimits: FeedLimits = {
  scrollback: scrollbackLines,
  /** Views of what the log keeps in memory anyway: they cost the holder nothing, however many terminals flood. */
  heldBytes: memoryBytes,
  /** At the worker at once for one terminal: what another one's query may have to wait behind. */
  underWayBytes: 512 * 1024,
};
/** A flood is seldom silent for this long. */
const quietMs = 20;

/**
 * One terminal's end of the worker: keeps the order, batches, and knows how far behind the screen is. Plain output is
 * held until it is quiet, or until something needs the screen: of a flood all but the last lines is then skipped, for
 * nobody could scroll back to it.
 */
export class EmulatorFeed implements EmulatorPort {
  #listener: EmulatorListener | null = null;
  #steps: Step[] = [];
  #queuedBytes = 0;
  #fed = 0;
  #sent = 0;
  #parsed = 0;
  /** Below it nothing is held. */
  #due = 0;
  readonly #plain = new PlainOutput();
  /** Above it all is plain, and what the emulator said of skipping holds when it is there. */
  #plainFrom = 0;
  #canSkip = false;
  #quiet: NodeJS.Timeout | null = null;
  #behind = false;
  #size = { cols: 0, rows: 0 };
  readonly #waiting = new Map<number, Asked>();
  #nextRequest = 1;
  /** After the end, while it is still being taken and packed too. */
  #last: Promise<Packed> | null = null;

  constructor(
    private readonly id: number,
    private readonly hooks: FeedHooks,
    private readonly limits = defaultLimits,
  ) {}

  start(listener: EmulatorListener): void {
    this.#listener = listener;
    this.#size = { cols: listener.cols, rows: listener.rows };
    this.#fed = listener.offset;
    this.#begin();
  }

  output(bytes: Uint8Array): boolean {
    if (this.#listener === null) return false;
    const { plain, ...seen } = this.#plain.scan(bytes);
    if (!plain) this.#skip();
    this.#enqueue({ kind: "output", bytes, ...seen });
    if (!plain) this.#plainFrom = this.#fed;
    if (this.#holds()) this.#untilQuiet();
    else this.#due = this.#fed;
    this.#watchLag();
    if (this.#sent === this.#parsed || this.#queuedBytes >= batchBytes) this.#pump();
    return plain;
  }

  resize(cols: number, rows: number): void {
    if (this.#listener === null) return;
    this.#skip();
    this.#size = { cols, rows };
    this.#atOnce({ kind: "resize", cols, rows });
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
        this.#canSkip = message.canSkip;
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
    this.#due = this.#fed;
    this.#canSkip = false;
    this.hooks.opened(this);
    const { scrollback } = this.limits;
    this.hooks.post({ kind: "open", id: this.id, offset: this.#fed, ...this.#size, scrollback }, []);
  }

  #end(): void {
    if (this.#listener === null) return;
    this.#listener = null;
    this.#steps = [];
    clearTimeout(this.#quiet ?? undefined);
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
      this.#skip();
      this.#atOnce({ kind: "snapshot", request });
    });
  }

  #atOnce(step: Step): void {
    this.#steps.push(step);
    this.#due = this.#fed;
    this.#pump();
  }

  #holds(): boolean {
    return this.#canSkip && this.#parsed >= this.#plainFrom;
  }

  #untilQuiet(): void {
    if (this.#queuedBytes > this.limits.heldBytes) this.#skip();
    this.#quiet = this.#quiet?.refresh() ?? setTimeout(() => this.#afterQuiet(), quietMs);
  }

  #afterQuiet(): void {
    this.#skip();
    this.#due = this.#fed;
    this.#pump();
  }

  /** Pieces that follow one another in memory are one step: a flood of small reads is as cheap as one of large ones. */
  #enqueue(output: Waiting): void {
    const { bytes, lines, lastReturn } = output;
    const last = this.#steps.at(-1);
    this.#fed += bytes.length;
    this.#queuedBytes += bytes.length;
    if (last?.kind !== "output" || !follows(last.bytes, bytes)) {
      this.#steps.push(output);
      return;
    }
    const before = last.bytes.length;
    last.bytes = new Uint8Array(bytes.buffer, last.bytes.byteOffset, before + bytes.length);
    last.lines += lines;
    if (lastReturn >= 0) last.lastReturn = before + lastReturn;
  }

  #skip(): void {
    const outputs = this.#steps.filter((step) => step.kind === "output");
    if (!this.#holds() || outputs.length < this.#steps.length) return;
    const skipped = skipPlain(outputs, this.limits.scrollback + 2 * this.#size.rows);
    if (skipped === null) return;
    this.#steps = skipped.steps;
    this.#queuedBytes -= skipped.skip.length;
    this.#due = Math.max(this.#due, this.#sent + skipped.before);
    this.#pump();
  }

  #pump(): void {
    while (this.#sent - this.#parsed < this.limits.underWayBytes) {
      const step = this.#steps[0];
      if (step === undefined) return;
      if (step.kind === "output") {
        if (this.#sent >= this.#due && this.#queuedBytes <= this.limits.heldBytes) return;
        this.#sendOutput();
      } else {
        this.#steps.shift();
        if (step.kind === "skip") this.#sent += step.length;
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

function follows(one: Uint8Array, other: Uint8Array): boolean {
  return one.buffer === other.buffer && one.byteOffset + one.length === other.byteOffset;
}

type Packed = Omit<Snapshot, "bytes"> & { packed: Uint8Array };

/** A last screen of 10,000 lines is a megabyte, a tenth of it packed. */
async function pack({ bytes, ...at }: Snapshot): Promise<Packed> {
  return { ...at, packed: await promisify(gzip)(bytes) };
}
