import { byteLength } from "./byte-length";

/** Plain output that was not sent yet; `lines` and `lastReturn` as they were seen in it, or less. */
export type Waiting = { kind: "output"; bytes: Uint8Array; lines: number; lastReturn: number };
export type Skip = { kind: "skip"; length: number; colours: Uint8Array };
/** `before`: how many bytes stand before the skip. */
type Skipped = { steps: (Waiting | Skip)[]; before: number; skip: Skip };

const carriageReturn = 0x0d;
const escapeByte = 0x1b;
const firstFinal = 0x40;
const openBracket = 0x5b;
/** More colours than these without a reset between them are cheaper drawn with their text. */
const maxColours = 1000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence begins with it
const reset = /^\x1b\[0*(;[\d;:]*)?m$/;

/**
 * The middle of plain output, from a CR to another one, replaced by its colours: null where no CR is followed by
 * `lines` lines. Those scroll away all that it printed, the CR says where the cursor was, and before a CR no sequence
 * and no character is cut.
 */
export function skipPlain(outputs: Waiting[], lines: number): Skipped | null {
  const first = outputs.findIndex(({ lastReturn }) => lastReturn >= 0);
  const last = lastBefore(outputs, lines);
  const begin = outputs[first];
  const end = outputs[last];
  if (begin === undefined || end === undefined) return null;
  const from = begin.bytes[0] === carriageReturn ? 0 : begin.lastReturn;
  if (first > last || (first === last && from >= end.lastReturn)) return null;
  const between = outputs.slice(first, last + 1).map(({ bytes }) => bytes);
  between[between.length - 1] = end.bytes.subarray(0, end.lastReturn);
  between[0] = between[0]?.subarray(from) ?? begin.bytes;
  const colours = coloursOf(between);
  if (colours === null) return null;
  const skip: Skip = { kind: "skip", length: byteLength(between), colours };
  const before = { ...begin, bytes: begin.bytes.subarray(0, from), lines: 0, lastReturn: -1 };
  const after = { ...end, bytes: end.bytes.subarray(end.lastReturn), lines: 0, lastReturn: 0 };
  const head = [...outputs.slice(0, first), ...(from > 0 ? [before] : [])];
  return {
    steps: [...head, skip, after, ...outputs.slice(last + 1)],
    before: byteLength(head.map(({ bytes }) => bytes)),
    skip,
  };
}

/** The last one with a CR after which there are `lines` lines; -1 when there is none. */
function lastBefore(outputs: Waiting[], lines: number): number {
  let after = 0;
  for (let at = outputs.length - 1; at >= 0; at--) {
    const output = outputs[at];
    if (output === undefined) return -1;
    if (after >= lines && output.lastReturn >= 0) return at;
    after += output.lines;
  }
  return -1;
}

/** All sequences from the last that resets the colours on; null when they are too many. */
function coloursOf(pieces: Uint8Array[]): Uint8Array | null {
  const found: string[] = [];
  for (let index = pieces.length - 1; index >= 0; index--) {
    const piece = pieces[index] ?? new Uint8Array(0);
    let end = piece.length;
    while (end > 0) {
      const at = piece.lastIndexOf(escapeByte, end - 1);
      if (at < 0) break;
      const sequence = sequenceAt(pieces, index, at);
      found.push(sequence);
      if (reset.test(sequence)) return new TextEncoder().encode(found.reverse().join(""));
      if (found.length > maxColours) return null;
      end = at;
    }
  }
  return new TextEncoder().encode(found.reverse().join(""));
}

function sequenceAt(pieces: Uint8Array[], index: number, at: number): string {
  let sequence = "";
  for (let piece = index; piece < pieces.length; piece++) {
    for (const byte of pieces[piece]?.subarray(piece === index ? at : 0) ?? []) {
      sequence += String.fromCharCode(byte);
      if (byte >= firstFinal && byte !== openBracket) return sequence;
    }
  }
  return sequence;
}
