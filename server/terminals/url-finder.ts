import { assertNever } from "../domain/assert-never";
import { ControlReader, type Move } from "./control-reader";
import { pullUrls } from "./pull-urls";

const maxWord = 2_048;
const maxCuts = 8;
/** How far before the edge a program may break a line that is too long: frames and paddings. */
const edge = 4;
const beginnings = ["https://", "http://"];
const longestBeginning = 8;
const ending = new Set([...'"<>\\^`{|}'].map((each) => each.charCodeAt(0)));

/**
 * Finds addresses of pull requests in terminal output, wherever it was cut: through colours, over lines that a program
 * broke because they were too long, and behind links (OSC 8). It holds one word at a time. Where a line ends at the edge
 * just behind an address it cannot be known whether that goes on: the longer address is taken.
 */
export class UrlFinder {
  readonly #controls = new ControlReader((to) => this.#move(to));
  #word = "";
  #column = 0;
  #width = 80;
  /** Where the word was broken, and what was seen since it was. */
  #cuts: number[] = [];
  #between: "nothing" | "edge-space" | "carriage-return" | "line" = "nothing";

  constructor(readonly found: (url: string) => void) {}

  /** Output, cut anywhere; `cols` is the width that it was written for. */
  take(bytes: Uint8Array, cols: number): void {
    this.#width = cols;
    for (const code of bytes) {
      if (this.#controls.take(code)) continue;
      if (code === 0x20) this.#space(1);
      else if (code === 0x09) this.#space(8 - (this.#column % 8));
      else if (code >= 0x80 || ending.has(code)) this.#foreign(code);
      else this.#letter(code);
    }
  }

  /** Nothing follows. */
  end(): void {
    this.#finish();
    this.lose();
  }

  /** Something is missing here: what was begun may be cut short, and is forgotten. */
  lose(): void {
    this.#word = "";
    this.#cuts = [];
    this.#between = "nothing";
    this.#column = 0;
    this.#controls.lose();
  }

  #finish(): void {
    if (this.#word === "") return;
    if (this.#word.length > longestBeginning) {
      const lengths = [this.#word.length, ...this.#cuts];
      const urls = [...new Set(lengths.flatMap((length) => pullUrls(this.#word.slice(0, length))))];
      for (const url of urls) if (!urls.some((other) => other !== url && other.startsWith(url))) this.found(url);
    }
    this.#word = "";
    this.#cuts = [];
    this.#between = "nothing";
  }

  #letter(code: number): void {
    if (this.#between === "edge-space" || this.#between === "carriage-return") this.#finish();
    this.#between = "nothing";
    this.#column += 1;
    // Most letters begin nothing: they cost no more than this.
    if (this.#word === "" && code !== 0x68 && code !== 0x48) return;
    this.#word += String.fromCharCode(code);
    if (this.#word.length > longestBeginning && this.#word.length <= maxWord) return;
    const word = this.#word.toLowerCase();
    const isBegun = beginnings.some((each) => each.startsWith(word) || word.startsWith(each));
    if (isBegun && word.length <= maxWord) return;
    this.#word = code === 0x68 || code === 0x48 ? "h" : "";
    this.#cuts = [];
  }

  /** A character that no address has. Of those beyond ASCII the first byte counts, and most from three bytes on are two wide. */
  #foreign(code: number): void {
    this.#finish();
    if (code < 0x80) this.#column += 1;
    else if (code >= 0xc0) this.#column += (code >= 0xe3 && code < 0xef) || code >= 0xf0 ? 2 : 1;
  }

  #space(columns: number): void {
    const isBroken = this.#between === "line" || this.#between === "carriage-return";
    if (this.#word !== "" && this.#between === "nothing" && columns === 1 && this.#isFull()) {
      this.#between = "edge-space";
    } else if (!isBroken) this.#finish();
    this.#column += columns;
  }

  #isFull(): boolean {
    return this.#column > 0 && this.#column % this.#width === 0;
  }

  #isAtEdge(): boolean {
    return this.#isFull() || (this.#width > 4 * edge && this.#column % this.#width >= this.#width - edge);
  }

  #break(kind: "carriage-return" | "line"): void {
    // A line editor prints a space at the edge and goes back over it: what was typed goes on there.
    if (this.#between === "edge-space" && kind === "carriage-return") this.#cut("line");
    else if (this.#between === "nothing" && this.#word !== "" && this.#isAtEdge()) this.#cut(kind);
    else if (this.#between === "carriage-return" && kind === "line") this.#between = "line";
    else if (this.#between === "edge-space" || this.#between === "nothing" || kind === "line") this.#finish();
    this.#column = 0;
  }

  #cut(between: "carriage-return" | "line"): void {
    if (this.#cuts.length === maxCuts) {
      this.#finish();
      return;
    }
    this.#cuts.push(this.#word.length);
    this.#between = between;
  }

  #move(to: Move): void {
    switch (to.kind) {
      case "carriage-return":
      case "line":
        this.#break(to.kind);
        break;
      case "right":
        this.#space(to.columns);
        break;
      case "column":
        this.#finish();
        this.#column = to.column;
        break;
      case "back":
        if (this.#between === "nothing" && this.#word !== "") this.#word = this.#word.slice(0, -1);
        else this.#finish();
        this.#column = Math.max(0, this.#column - 1);
        break;
      case "elsewhere":
        this.#finish();
        break;
      case "link":
        for (const url of pullUrls(to.url)) this.found(url);
        break;
      default:
        assertNever(to);
    }
  }
}
