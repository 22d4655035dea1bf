/** The stream between a server and a holder: u32 length of what follows, u8 type, u32 stream, payload; big-endian. */
export type Frame = { type: number; stream: number; payload: Uint8Array };

/** Data frames stay at or below this, so that a key never waits behind a long one. */
export const maxDataBytes = 16 * 1024;
/** A control frame beyond this is a broken peer: the link is closed. */
export const maxFrameBytes = 4 * 1024 * 1024;

const headerBytes = 9;

export function encodeFrame(type: number, stream: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerBytes + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, 5 + payload.length);
  view.setUint8(4, type);
  view.setUint32(5, stream);
  frame.set(payload, headerBytes);
  return frame;
}

/** Cuts a byte stream into frames. Payloads are views of what was pushed unless a frame was split: copy what is kept. */
export class FrameReader {
  #rest: Uint8Array = new Uint8Array(0);

  /** Throws on a frame longer than `maxFrameBytes` or shorter than its header: the link is then beyond repair. */
  push(chunk: Uint8Array): Frame[] {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const frames: Frame[] = [];
    let at = 0;
    while (bytes.length - at >= headerBytes) {
      const length = view.getUint32(at);
      if (length < 5 || length > maxFrameBytes) throw new Error(`a frame of ${length} bytes is not of this protocol`);
      if (bytes.length - at < 4 + length) break;
      frames.push({
        type: view.getUint8(at + 4),
        stream: view.getUint32(at + 5),
        payload: bytes.subarray(at + headerBytes, at + 4 + length),
      });
      at += 4 + length;
    }
    this.#rest = at === bytes.length ? new Uint8Array(0) : bytes.slice(at);
    return frames;
  }
}

/** u64 big-endian. Offsets stay below 2^53: 9 PB of output of one program. */
export function putOffset(view: DataView, at: number, offset: number): void {
  view.setUint32(at, Math.floor(offset / 0x1_0000_0000));
  view.setUint32(at + 4, offset % 0x1_0000_0000);
}

/** A payload that is one u64. */
export function offsetPayload(offset: number): Uint8Array {
  const payload = new Uint8Array(8);
  putOffset(new DataView(payload.buffer), 0, offset);
  return payload;
}

export function getOffset(view: DataView, at: number): number {
  const offset = view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4);
  if (!Number.isSafeInteger(offset)) throw new RangeError("an offset beyond 2^53 is not of this protocol");
  return offset;
}
