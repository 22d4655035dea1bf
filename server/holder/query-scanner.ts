import type { Size } from "./log-records";
import { csiQuery, dcsQuery, oscQuery, type Query } from "./terminal-answers";

export type ScannerHooks = { size(): Size; answer(bytes: Uint8Array): void };

type State = "ground" | "escape" | "csi" | "osc" | "dcs" | "string";

const escapeByte = 0x1b;
const openBracket = 0x5b;
const letterM = 0x6d;
const bell = 0x07;
const cancel = 0x18;
const substitute = 0x1a;
/** No query is longer; what is, is not looked at. */
const maxBody = 256;
const maxWaiting = 256;

const isParameter = (byte: number) => byte >= 0x30 && byte <= 0x3f;

/**
 * Finds queries in the output and answers at once those that need no screen, over any cut of the stream. Those that
 * need one are the emulator's; a later answer then waits for it, since programs read the order: an answer to `CSI c`
 * before the one they asked first means to them that the first will never come.
 */
export class QueryScanner {
  #state: State = "ground";
  #body = "";
  #offset = 0;
  /** The emulator's, and what was asked after them. */
  #waiting: { end: number; query: Query }[] = [];

  constructor(private readonly hooks: ScannerHooks) {}

  /** What `isPlain` (see PlainOutput) has no query, but for the sequence that it ends in, which may become one. */
  scan(chunk: Uint8Array, isPlain: boolean): void {
    const { length } = chunk;
    const lastSequence = isPlain ? chunk.lastIndexOf(escapeByte) : 0;
    const asksNothing = lastSequence < 0 ? length : lastSequence;
    let at = 0;
    while (at < length) {
      if (this.#state === "ground") {
        at = Math.max(at, asksNothing);
        while (at < length && chunk[at] !== escapeByte) at++;
        if (at === length) break;
        at = this.#skipColour(chunk, at + 1);
      } else {
        this.#step(chunk[at] ?? 0, this.#offset + at + 1);
        at++;
      }
    }
    this.#offset += length;
  }

  /** The emulator is done with all below `offset`; `answers` are its own to what it was asked there, in order. */
  parsed(offset: number, answers: string[]): void {
    const own = [...answers];
    for (let first = this.#waiting[0]; first !== undefined && first.end <= offset; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#say(first.query.kind === "answer" ? first.query.text : (own.shift() ?? ""));
    }
    for (const answer of own) this.#say(answer);
  }

  /** `CSI … m` is most of all sequences and asks nothing: passed over without keeping it. */
  #skipColour(chunk: Uint8Array, from: number): number {
    this.#state = "escape";
    if (chunk[from] !== openBracket) return from;
    let at = from + 1;
    while (at < chunk.length && isParameter(chunk[at] ?? 0)) at++;
    if (chunk[at] !== letterM) return from;
    this.#state = "ground";
    return at + 1;
  }

  #step(byte: number, end: number): void {
    switch (this.#state) {
      case "escape":
        this.#afterEscape(byte);
        return;
      case "csi":
        this.#inCsi(byte, end);
        return;
      default:
        this.#inString(byte, end);
    }
  }

  #afterEscape(byte: number): void {
    this.#body = "";
    if (byte === openBracket) this.#state = "csi";
    else if (byte === 0x5d) this.#state = "osc";
    else if (byte === 0x50) this.#state = "dcs";
    else if (byte === 0x58 || byte === 0x5e || byte === 0x5f) this.#state = "string";
    else if (byte === escapeByte || byte < 0x18 || byte === 0x19 || (byte >= 0x1c && byte < 0x30)) return;
    else this.#state = "ground";
  }

  #inCsi(byte: number, end: number): void {
    if (byte >= 0x40 && byte <= 0x7e) {
      this.#state = "ground";
      const final = String.fromCharCode(byte);
      // All but these are frequent and ask nothing.
      if ("cnqpt".includes(final)) this.#found(csiQuery(this.#body, final, this.hooks.size()), end);
    } else if (byte === escapeByte) {
      this.#state = "escape";
    } else if (byte === cancel || byte === substitute || byte >= 0x80) {
      this.#state = "ground";
    } else if (byte >= 0x20 && byte < 0x40) {
      this.#collect(byte);
    }
  }

  #inString(byte: number, end: number): void {
    const state = this.#state;
    if (byte === escapeByte || (byte === bell && state === "osc")) {
      this.#state = byte === escapeByte ? "escape" : "ground";
      const terminator = byte === escapeByte ? "\x1b\\" : "\x07";
      if (state === "osc") this.#found(oscQuery(this.#body, terminator), end);
      if (state === "dcs") this.#found(dcsQuery(this.#body), end);
    } else if (byte === cancel || byte === substitute) {
      this.#state = "ground";
    } else if (state !== "string") {
      this.#collect(byte);
    }
  }

  #collect(byte: number): void {
    if (this.#body.length < maxBody) this.#body += String.fromCharCode(byte);
  }

  #found(query: Query, end: number): void {
    if (query.kind === "none") return;
    if (query.kind === "answer" && this.#waiting.length === 0) this.#say(query.text);
    else if (this.#waiting.length < maxWaiting) this.#waiting.push({ end, query });
  }

  #say(text: string): void {
    if (text !== "") this.hooks.answer(Buffer.from(text, "latin1"));
  }
}
