import { maxInputBytes, maxUnackedInputBytes } from "@/server/protocol/terminal-frames";

/** What a person typed, not yet known to be taken by the program. */
type Chunk = { position: number; bytes: Uint8Array };

/** Waiting to be sent, at most: a paste beyond it is refused with words, never cut. */
export const maxHeldBytes = 8 * 1024 * 1024;

/** Beyond this the person may have looked away: what was not sent is shown, and sent only when they say so. */
const silentResendMs = 10_000;

const frameBytes = Math.min(16 * 1024, maxInputBytes);

/**
 * One client's input for one epoch: every byte has a position, is kept until it is acknowledged, and is sent again
 * after a drop from the position the server names, so that nothing is typed twice and nothing is lost.
 */
export class InputStream {
  #chunks: Chunk[] = [];
  #end = 0;
  /** The position below which all was handed to the socket. */
  #sent = 0;
  #acked = 0;
  #open = false;
  #send: (position: number, bytes: Uint8Array) => void;

  constructor(send: (position: number, bytes: Uint8Array) => void) {
    this.#send = send;
  }

  /** Bytes typed and not acknowledged. */
  get heldBytes(): number {
    return this.#end - this.#acked;
  }

  /** False when more is held than may be: nothing of it was taken. */
  type(bytes: Uint8Array): boolean {
    if (this.heldBytes + bytes.length > maxHeldBytes) return false;
    for (let at = 0; at < bytes.length; at += frameBytes) {
      const part = bytes.slice(at, at + frameBytes);
      this.#chunks.push({ position: this.#end, bytes: part });
      this.#end += part.length;
    }
    this.#pump();
    return true;
  }

  acknowledge(position: number): void {
    if (position > this.#end || position <= this.#acked) return;
    this.#acked = position;
    this.#chunks = this.#chunks.filter((chunk) => chunk.position + chunk.bytes.length > position);
    this.#pump();
  }

  /** The socket is gone: what comes is held. */
  drop(): void {
    this.#open = false;
  }

  /**
   * Attached again. Goes on from `inputOffset` at once, or gives `ask` when the server does not know this client or
   * the drop was long: then nothing is sent until `sendHeld` or `discardHeld`.
   */
  attach(inputOffset: number | null, droppedMs: number): "on" | "ask" {
    this.#open = false;
    if (inputOffset !== null) this.acknowledge(inputOffset);
    this.#sent = this.#acked;
    const unsure = inputOffset === null ? this.#end > 0 : droppedMs > silentResendMs;
    if (unsure && this.heldBytes > 0) return "ask";
    if (inputOffset === null) this.#restart(this.#take());
    this.#open = true;
    this.#pump();
    return "on";
  }

  /** A new program: its input begins at 0, and what was meant for the old one is not typed. */
  restart(): void {
    this.#restart([]);
  }

  /** The person chose to send what was held. With `fresh` the server forgot the stream, so it begins again at 0. */
  sendHeld(fresh: boolean): void {
    if (fresh) this.#restart(this.#take());
    else this.#sent = this.#acked;
    this.#open = true;
    this.#pump();
  }

  discardHeld(fresh: boolean): void {
    this.#chunks = [];
    if (fresh) this.#restart([]);
    // Positions below `sent` may have been taken: the stream goes on from what the server last named.
    else this.#end = this.#acked;
    this.#sent = this.#end;
    this.#open = true;
  }

  #take(): Uint8Array[] {
    return this.#chunks.map((chunk) => chunk.bytes.subarray(Math.max(0, this.#acked - chunk.position)));
  }

  #restart(parts: Uint8Array[]): void {
    this.#chunks = [];
    this.#end = 0;
    this.#sent = 0;
    this.#acked = 0;
    for (const bytes of parts) {
      this.#chunks.push({ position: this.#end, bytes });
      this.#end += bytes.length;
    }
  }

  #pump(): void {
    if (!this.#open) return;
    for (const chunk of this.#chunks) {
      const end = chunk.position + chunk.bytes.length;
      if (end <= this.#sent) continue;
      if (end - this.#acked > maxUnackedInputBytes) return;
      const from = Math.max(0, this.#sent - chunk.position);
      this.#send(chunk.position + from, chunk.bytes.subarray(from));
      this.#sent = end;
    }
  }
}
