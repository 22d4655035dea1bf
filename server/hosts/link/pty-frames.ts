import { type Frame, getOffset, maxDataBytes, putOffset } from "../../protocol/byte-frames";
import { holderFrame, logRecord, ptyEvent } from "../../protocol/holder-protocol";
import type { PtyEvent, PtyRecord } from "../../terminals/pty-host";

const viewOf = ({ payload }: Frame) => new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
const jsonOf = ({ payload }: Frame): unknown => JSON.parse(new TextDecoder().decode(payload));

/** Null for a frame that is neither output nor record. */
export function readRecord(frame: Frame): PtyRecord | null {
  if (frame.type === holderFrame.record) return logRecord.parse(jsonOf(frame));
  if (frame.type !== holderFrame.output) return null;
  return { kind: "output", offset: getOffset(viewOf(frame), 0), bytes: frame.payload.subarray(8) };
}

export function readEvent(frame: Frame): PtyEvent {
  return ptyEvent.parse(jsonOf(frame));
}

export function readInputAck(frame: Frame): { clientId: string; position: number } {
  const view = viewOf(frame);
  const length = view.getUint8(0);
  return {
    clientId: new TextDecoder().decode(frame.payload.subarray(1, 1 + length)),
    position: getOffset(view, 1 + length),
  };
}

/** One payload of an input frame; `bytes` beyond `maxInputBytes` must go into the next. */
export function inputPayload(clientId: string, position: number, bytes: Uint8Array): Uint8Array {
  const id = new TextEncoder().encode(clientId);
  if (id.length > maxClientIdBytes) throw new RangeError(`a client id is at most ${maxClientIdBytes} bytes`);
  const payload = new Uint8Array(9 + id.length + bytes.length);
  payload[0] = id.length;
  payload.set(id, 1);
  putOffset(new DataView(payload.buffer), 1 + id.length, position);
  payload.set(bytes, 9 + id.length);
  return payload;
}

/** Its length is one byte of the frame. */
export const maxClientIdBytes = 255;

/** Leaves room for the longest client id. */
export const maxInputBytes = maxDataBytes - 9 - maxClientIdBytes;
