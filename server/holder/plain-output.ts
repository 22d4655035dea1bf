type PlainSeen = {
  /** Nothing but text, CR, LF, TAB, colours and `CSI … K`, or a part of these that the chunk ends in. */
  plain: boolean;
  lines: number;
  /** Where the last CR stands; -1 when there is none. */
  lastReturn: number;
};

type State = "ground" | "escape" | "csi" | "character";

const text = 0;
const lineFeed = 1;
const carriageReturn = 2;
const sequence = 3;
const lead = 4;
const odd = 5;
const openBracket = 0x5b;
const letterK = 0x4b;
const letterM = 0x6d;

const kinds = new Uint8Array(256).fill(odd);
kinds.fill(text, 0x20, 0x7f);
kinds[0x09] = text;
kinds[0x0a] = lineFeed;
kinds[0x0d] = carriageReturn;
kinds[0x1b] = sequence;
kinds.fill(lead, 0xc2, 0xf5);

const isParameter = (byte: number) => byte >= 0x30 && byte <= 0x3b;

/**
 * Tells output that only prints, line by line, from all other, over any cut of the stream. Plain output touches the
 * line that the cursor is on and those below, and no mode: but for the cursor and the colours it changes nothing that
 * it does not scroll away. It follows no other sequence to its end, so that after one its word counts from where the
 * emulator is between sequences.
 */
export class PlainOutput {
  #state: State = "ground";
  /** Of a character: how many bytes are missing, and between which the next one is. */
  #missing = 0;
  #low = 0x80;
  #high = 0xbf;

  scan(chunk: Uint8Array): PlainSeen {
    const { length } = chunk;
    const seen = { plain: true, lines: 0, lastReturn: -1 };
    let at = 0;
    while (at < length) {
      if (this.#state !== "ground") {
        if (!this.#step(chunk[at] ?? 0)) seen.plain = false;
        at++;
        continue;
      }
      while (at < length && kinds[chunk[at] ?? 0] === text) at++;
      if (at === length) break;
      const byte = chunk[at] ?? 0;
      switch (kinds[byte]) {
        case lineFeed:
          seen.lines++;
          break;
        case carriageReturn:
          seen.lastReturn = at;
          break;
        case sequence:
          this.#state = "escape";
          break;
        case lead:
          this.#begin(byte);
          break;
        default:
          seen.plain = false;
      }
      at++;
    }
    return seen;
  }

  /** Whether `byte` goes on with what is under way. */
  #step(byte: number): boolean {
    switch (this.#state) {
      case "escape":
        this.#state = byte === openBracket ? "csi" : "ground";
        return byte === openBracket;
      case "csi":
        if (isParameter(byte)) return true;
        this.#state = "ground";
        return byte === letterM || byte === letterK;
      default: {
        const good = byte >= this.#low && byte <= this.#high;
        this.#missing = good ? this.#missing - 1 : 0;
        this.#low = 0x80;
        this.#high = 0xbf;
        if (this.#missing === 0) this.#state = "ground";
        return good;
      }
    }
  }

  /** No overlong form, no surrogate, nothing above U+10FFFF, and no control: those of C1 are two bytes. */
  #begin(byte: number): void {
    this.#state = "character";
    this.#missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    if (byte === 0xc2 || byte === 0xe0) this.#low = 0xa0;
    if (byte === 0xed) this.#high = 0x9f;
    if (byte === 0xf0) this.#low = 0x90;
    if (byte === 0xf4) this.#high = 0x8f;
  }
}
