import { encodeFrame } from "../protocol/byte-frames";

const headerBytes = 9;
const text = new TextEncoder();

export function jsonBytes(value: unknown): Uint8Array {
  return text.encode(JSON.stringify(value));
}

export function jsonFrame(type: number, stream: number, value: unknown): Uint8Array {
  return encodeFrame(type, stream, jsonBytes(value));
}

/** The head of a frame whose payload is `before` bytes, to be filled in by `view`, and then data that is not copied. */
export function dataHeader(
  frame: { type: number; stream: number },
  dataBytes: number,
  before: number,
): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(headerBytes + before);
  const head = new DataView(bytes.buffer);
  head.setUint32(0, 5 + before + dataBytes);
  head.setUint8(4, frame.type);
  head.setUint32(5, frame.stream);
  return { bytes, view: new DataView(bytes.buffer, headerBytes) };
}
