import { encodeFrame, maxDataBytes } from "../protocol/byte-frames";
import { dataHeader } from "./frame-pieces";
import type { FrameSource, Outbox } from "./outbox";

/** What stands before the data in each frame, filled in for the part that begins at `at`. */
export type Before = { bytes: number; fill(view: DataView, at: number): void };

/** The frames of one request's answer, at bulk priority, its response last. Bounded by whoever fills it. */
export class ByteAnswer implements FrameSource {
  #frames: Uint8Array[][] = [];
  #bytes = 0;
  #onRoom: () => void = () => {};

  constructor(private readonly outbox: Outbox) {}

  get queuedBytes(): number {
    return this.#bytes;
  }

  /** Called whenever a frame has left. */
  onRoom(listener: () => void): void {
    this.#onRoom = listener;
  }

  /** In frames of at most 16 KiB, each with `before` in front. */
  data(frame: { type: number; stream: number }, bytes: Uint8Array, before: Before): void {
    for (let at = 0; at < bytes.length; at += maxDataBytes) {
      const part = bytes.subarray(at, at + maxDataBytes);
      const header = dataHeader(frame, part.length, before.bytes);
      before.fill(header.view, at);
      this.#push([header.bytes, part]);
    }
  }

  frame(type: number, stream: number, payload: Uint8Array): void {
    this.#push([encodeFrame(type, stream, payload)]);
  }

  urgent(): boolean {
    return false;
  }

  take(): Uint8Array[] | null {
    const frame = this.#frames.shift();
    if (frame === undefined) return null;
    for (const piece of frame) this.#bytes -= piece.length;
    this.#onRoom();
    return frame;
  }

  #push(frame: Uint8Array[]): void {
    for (const piece of frame) this.#bytes += piece.length;
    this.#frames.push(frame);
    this.outbox.ready(this);
  }
}
