/** What became of a client's bytes. `hole` and `full` change nothing: the client sends again from `known`. */
export type InputResult = { kind: "taken" } | { kind: "hole"; known: number } | { kind: "full"; known: number };

export type InputSink = {
  /** What was taken at once; 0 when nothing is taken now. Throws when the program is over. */
  write(bytes: Uint8Array): number;
  /** The kernel took all of this client's input below `position`. */
  onTaken(clientId: string, position: number): void;
};

type Entry = { bytes: Uint8Array; client: { id: string; end: number } | null };

export const maxQueuedBytes = 1024 * 1024;
const maxClients = 64;
const firstPauseMs = 2;
const longestPauseMs = 50;

/** Input on its way into one program, in order, each client's bytes once. */
export class InputQueue {
  /** Accepted so far, oldest spoken client first. */
  readonly #known = new Map<string, number>();
  readonly #taken = new Map<string, number>();
  #entries: Entry[] = [];
  #queuedBytes = 0;
  #pauseMs = firstPauseMs;
  #retry: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(private readonly sink: InputSink) {}

  /** Null for a client never heard of, or so long ago that it was forgotten. */
  known(clientId: string): number | null {
    return this.#known.get(clientId) ?? null;
  }

  /** `bytes` are copied when they have to wait. A client not known yet begins where it says. */
  push(clientId: string, position: number, bytes: Uint8Array): InputResult {
    const known = this.#known.get(clientId) ?? position;
    if (position > known) return { kind: "hole", known };
    const fresh = bytes.subarray(known - position);
    const room = maxQueuedBytes - this.#queuedBytes;
    if (fresh.length > room) return { kind: "full", known };
    if (!this.#known.has(clientId)) this.#taken.set(clientId, known);
    this.#remember(clientId, known + fresh.length);
    if (fresh.length === 0) this.sink.onTaken(clientId, this.#taken.get(clientId) ?? known);
    else this.#enqueue({ bytes: fresh, client: { id: clientId, end: known + fresh.length } });
    return { kind: "taken" };
  }

  /** The terminal's own answers; dropped when the program does not read them either. */
  answer(bytes: Uint8Array): void {
    if (this.#queuedBytes + bytes.length <= maxQueuedBytes / 2) this.#enqueue({ bytes, client: null });
  }

  close(): void {
    this.#closed = true;
    this.#entries = [];
    if (this.#retry !== null) clearTimeout(this.#retry);
  }

  #enqueue(entry: Entry): void {
    if (this.#closed) return;
    const idle = this.#entries.length === 0;
    this.#entries.push(entry);
    this.#queuedBytes += entry.bytes.length;
    if (idle) this.#drain();
    // The bytes are a view of what the link read.
    if (entry.bytes.length > 0) entry.bytes = entry.bytes.slice();
  }

  #drain(): void {
    this.#retry = null;
    for (;;) {
      const entry = this.#entries[0];
      if (entry === undefined) return;
      const written = this.#write(entry.bytes);
      if (this.#closed) return;
      if (written > 0) this.#pauseMs = firstPauseMs;
      this.#queuedBytes -= written;
      entry.bytes = entry.bytes.subarray(written);
      if (entry.bytes.length > 0) break;
      this.#entries.shift();
      if (entry.client !== null) this.#tell(entry.client);
    }
    this.#retry = setTimeout(() => this.#drain(), this.#pauseMs);
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
  }

  #write(bytes: Uint8Array): number {
    try {
      return this.sink.write(bytes);
    } catch {
      // EIO: the program is over, and its exit record says so.
      this.close();
      return 0;
    }
  }

  #tell({ id, end }: { id: string; end: number }): void {
    if (this.#known.has(id)) this.#taken.set(id, end);
    this.sink.onTaken(id, end);
  }

  #remember(clientId: string, known: number): void {
    this.#known.delete(clientId);
    this.#known.set(clientId, known);
    if (this.#known.size <= maxClients) return;
    const [oldest] = this.#known.keys();
    if (oldest === undefined) return;
    this.#known.delete(oldest);
    this.#taken.delete(oldest);
  }
}
