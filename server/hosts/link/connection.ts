import type { Duplex } from "node:stream";
import { encodeFrame, type Frame, FrameReader, getOffset, offsetPayload } from "../../protocol/byte-frames";
import { holderFrame } from "../../protocol/holder-protocol";
import { inFlight, LinkCredit } from "../../protocol/link-credit";
import type { LinkTimings } from "./timings";

/** Gives the next frame to send, or null once there is none: asked only when the stream has room. */
export type BulkSource = () => Uint8Array | null;

/** Urgent frames that the stream did not take. Beyond it the peer is stuck: the link is dropped and taken up anew. */
const maxWaitingBytes = 8 * 1024 * 1024;

/** One byte stream to a holder until its end. It owns the stream: `end` is told exactly once, and the stream is gone then. */
export class Connection {
  readonly #stream: Duplex;
  readonly #on: { frame(frame: Frame): void; end(reason: string): void };
  readonly #reader = new FrameReader();
  readonly #ping: NodeJS.Timeout;
  readonly #credit = new LinkCredit();
  #holderTells = false;
  #urgent: Uint8Array[] = [];
  #urgentBytes = 0;
  #bulk: BulkSource[] = [];
  #blocked = false;
  #ended = false;
  #silentBeats = 0;
  heardAt = new Date();

  constructor(stream: Duplex, on: { frame(frame: Frame): void; end(reason: string): void }, timings: LinkTimings) {
    this.#stream = stream;
    this.#on = on;
    stream.on("data", (bytes: Uint8Array) => this.#receive(bytes));
    stream.on("drain", () => {
      this.#blocked = false;
      this.#flush();
    });
    stream.on("error", (error) => this.fail(error.message));
    stream.on("close", () => this.fail("the holder closed the link"));
    this.#ping = setInterval(() => this.#beat(timings), timings.pingMs);
  }

  send(type: number, streamId: number, payload: Uint8Array): void {
    if (this.#ended) return;
    const frame = encodeFrame(type, streamId, payload);
    this.#urgent.push(frame);
    this.#urgentBytes += frame.length;
    if (this.#urgentBytes > maxWaitingBytes) this.fail("the holder takes no bytes");
    else this.#flush();
  }

  /** The holder tells what it has taken, and is to be told: before that only what the stream takes counts. */
  countTaken(): void {
    this.#holderTells = true;
  }

  /** Sent when nothing urgent waits, in turns with the other sources. */
  sendBulk(source: BulkSource): void {
    if (this.#ended) return;
    this.#bulk.push(source);
    this.#flush();
  }

  fail(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#ping);
    this.#stream.destroy();
    this.#urgent = [];
    this.#bulk = [];
    this.#on.end(reason);
  }

  #receive(bytes: Uint8Array): void {
    this.#silentBeats = 0;
    this.heardAt = new Date();
    const taken = this.#credit.received(bytes.length);
    // Past all that waits: a holder that waits for this word would wait for ever behind what waits for its own.
    if (taken !== null && this.#holderTells) this.#write(encodeFrame(holderFrame.taken, 0, offsetPayload(taken)));
    try {
      for (const frame of this.#reader.push(bytes)) {
        if (this.#ended) return;
        if (frame.type === holderFrame.taken) this.#taken(frame);
        else this.#on.frame(frame);
      }
    } catch (error) {
      this.fail(`the holder sent what cannot be read: ${error instanceof Error ? error.message : error}`);
    }
  }

  #taken({ payload }: Frame): void {
    this.#credit.taken(getOffset(new DataView(payload.buffer, payload.byteOffset, payload.byteLength), 0));
    this.#flush();
  }

  #flush(): void {
    while (!this.#blocked && !this.#ended) {
      const underWay = this.#holderTells ? this.#credit.underWay : 0;
      if (underWay >= inFlight.urgentBytes) return;
      const frame = this.#urgent.shift();
      if (frame) this.#urgentBytes -= frame.length;
      const next = frame ?? (underWay < inFlight.bulkBytes ? this.#nextBulk() : null);
      if (!next) return;
      this.#write(next);
    }
  }

  #write(frame: Uint8Array): void {
    this.#credit.sent(frame.length);
    this.#blocked = !this.#stream.write(frame);
  }

  #nextBulk(): Uint8Array | null {
    for (let source = this.#bulk.shift(); source; source = this.#bulk.shift()) {
      const frame = source();
      if (!frame) continue;
      this.#bulk.push(source);
      return frame;
    }
    return null;
  }

  /** Counted in beats, not by the clock: a machine that slept has heard nothing, and asked nothing either. */
  #beat({ pingMs, silenceMs }: LinkTimings): void {
    this.#silentBeats += 1;
    if (this.#silentBeats >= Math.round(silenceMs / pingMs)) {
      this.fail(`the holder was silent for ${silenceMs / 1000} s`);
      return;
    }
    this.send(holderFrame.ping, 0, offsetPayload(Date.now()));
  }
}
