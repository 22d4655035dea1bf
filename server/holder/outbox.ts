import type { Socket } from "node:net";
import { encodeFrame } from "../protocol/byte-frames";
import { inFlight, type LinkCredit } from "../protocol/link-credit";
import { byteLength } from "./byte-length";

/** Something with data frames to send. It is asked when the link has room, so nothing is queued before its time. */
export interface FrameSource {
  /** Few bytes that a person waits for: goes before bulk. */
  urgent(): boolean;
  /** The pieces of one frame (header, views of the payload), or null when there is nothing now. */
  take(): Uint8Array[] | null;
}

/** Control frames cannot be held back; a peer that takes none of this much is broken. */
const controlBytes = 16 * 1024 * 1024;

/** What leaves a link: control first, then urgent sources, then bulk sources in turn, a frame each. */
export class Outbox {
  #control: Uint8Array[] = [];
  #controlBytes = 0;
  readonly #urgent = new Set<FrameSource>();
  readonly #bulk = new Set<FrameSource>();
  #inSocket = 0;
  #peerTells = false;
  #closed = false;
  #pumping = false;

  constructor(
    private readonly socket: Socket,
    private readonly credit: LinkCredit,
  ) {}

  /** The peer tells what it has taken: from now on that counts, not what the socket took. */
  waitForPeer(): void {
    this.#peerTells = true;
  }

  /** The peer has told what it took. */
  taken(count: number): void {
    this.credit.taken(count);
    this.#pump();
  }

  /** Past all that waits: a peer that waits for this word would wait for ever behind what waits for its own. */
  atOnce(type: number, stream: number, payload: Uint8Array): void {
    if (!this.#closed) this.#write([encodeFrame(type, stream, payload)]);
  }

  control(type: number, stream: number, payload: Uint8Array): void {
    if (this.#closed) return;
    const frame = encodeFrame(type, stream, payload);
    this.#control.push(frame);
    this.#controlBytes += frame.length;
    if (this.#controlBytes > controlBytes) {
      this.socket.destroy(new Error("the peer takes no control frames"));
      return;
    }
    this.#pump();
  }

  /** `source` has a frame; asked until it says null. */
  ready(source: FrameSource): void {
    this.#enqueue(source);
    this.#pump();
  }

  remove(source: FrameSource): void {
    this.#urgent.delete(source);
    this.#bulk.delete(source);
  }

  close(): void {
    this.#closed = true;
    this.#control = [];
    this.#urgent.clear();
    this.#bulk.clear();
  }

  #enqueue(source: FrameSource): void {
    if (this.#closed) return;
    const urgent = source.urgent();
    (urgent ? this.#bulk : this.#urgent).delete(source);
    (urgent ? this.#urgent : this.#bulk).add(source);
  }

  #pump(): void {
    // A source that is made ready while another is asked: the loop comes to it.
    if (this.#pumping || this.#closed || this.socket.destroyed) return;
    this.#pumping = true;
    const pieces: Uint8Array[] = [];
    try {
      this.#collect(pieces);
    } finally {
      this.#pumping = false;
      if (pieces.length > 0) this.#write(pieces);
    }
  }

  #collect(pieces: Uint8Array[]): void {
    let underWay = this.#peerTells ? Math.max(this.#inSocket, this.credit.underWay) : this.#inSocket;
    while (underWay < inFlight.urgentBytes) {
      const frame = this.#next(underWay < inFlight.bulkBytes);
      if (frame === null) return;
      pieces.push(...frame);
      underWay += byteLength(frame);
    }
  }

  #next(bulk: boolean): Uint8Array[] | null {
    const control = this.#control.shift();
    if (control !== undefined) {
      this.#controlBytes -= control.length;
      return [control];
    }
    for (const sources of bulk ? [this.#urgent, this.#bulk] : [this.#urgent]) {
      for (const source of sources) {
        sources.delete(source);
        const frame = source.take();
        if (frame === null) continue;
        this.#enqueue(source);
        return frame;
      }
    }
    return null;
  }

  #write(pieces: Uint8Array[]): void {
    const bytes = byteLength(pieces);
    this.credit.sent(bytes);
    this.#inSocket += bytes;
    const taken = () => {
      this.#inSocket -= bytes;
      this.#pump();
    };
    this.socket.cork();
    pieces.forEach((piece, index) => {
      if (index === pieces.length - 1) this.socket.write(piece, taken);
      else this.socket.write(piece);
    });
    this.socket.uncork();
  }
}
