import { SerializeAddon } from "@xterm/addon-serialize";

import { Terminal } from "@xterm/headless";
import type { PtyEventMessage } from "../protocol/holder-protocol";
import { type Snapshot, scrollbackLines } from "./emulator-port";
import { UnicodeGraphemesAddon } from "./graphemes";
import type { Size } from "./log-records";
import { snapshotText } from "./snapshot-text";
import { type Inside, insideOf } from "./xterm-inside";

export type Parsed = { answers: string[]; events: PtyEventMessage[] };

const maxTitle = 1024;
const ground = 0;
const escapeByte = 0x1b;

/** One screen. It answers what needs one, and nothing that the scanner answered already. */
export class Emulator {
  readonly #terminal: Terminal;
  readonly #inside: Inside;
  readonly #serialize = new SerializeAddon();
  #offset: number;
  /** Where the sequence began that is not whole yet; the head when there is none. */
  #groundOffset: number;
  /** A character that is not whole yet: the package's decoder loses those that are cut behind a byte 0x80. */
  #cut: Uint8Array = new Uint8Array(0);
  #answers: string[] = [];
  #title: string | null = null;
  #cwd: string | null = null;
  #bell = false;

  constructor({ offset, cols, rows, scrollback = scrollbackLines }: Size & { offset: number; scrollback?: number }) {
    this.#offset = offset;
    this.#groundOffset = offset;
    const terminal = new Terminal({ allowProposedApi: true, cols, rows, scrollback, logLevel: "off" });
    this.#terminal = terminal;
    this.#inside = insideOf(terminal);
    terminal.loadAddon(this.#serialize);
    // As in the browser: another table would put the cursor elsewhere.
    terminal.loadAddon(new UnicodeGraphemesAddon());
    this.#listen();
  }

  /** For comparing all that it knows. */
  get terminalForTests(): Terminal {
    return this.#terminal;
  }

  get offset(): number {
    return this.#offset;
  }

  /**
   * Not in a scroll region, beside which lines stay; nor in an open link, which ends with the last line that it was
   * printed to. All other modes change how a line is printed, and no line outlives its scrolling away.
   */
  get canSkip(): boolean {
    const { scrollTop, scrollBottom } = this.#inside.buffers.active;
    const isWhole = scrollTop === 0 && scrollBottom === this.#terminal.rows - 1;
    const isLink = this.#inside._inputHandler._curAttrData.extended.urlId !== 0;
    return isWhole && !isLink && this.#isGround() && this.#cut.length === 0;
  }

  feed(bytes: Uint8Array): Parsed {
    const joined = this.#cut.length === 0 ? bytes : Buffer.concat([this.#cut, bytes]);
    const end = joined.length - cutLength(joined);
    this.#cut = Uint8Array.from(joined.subarray(end));
    this.#inside.writeSync(joined.subarray(0, end));
    this.#findGround(bytes);
    this.#offset += bytes.length;
    return this.#drain();
  }

  /** In place of `length` bytes that begin and end where no sequence is cut. */
  skip({ length, colours }: { length: number; colours: Uint8Array }): void {
    this.#inside.writeSync(colours);
    this.#offset += length;
    this.#groundOffset = this.#offset;
  }

  resize({ cols, rows }: Size): void {
    this.#terminal.resize(cols, rows);
  }

  /**
   * The screen at an offset where no sequence is cut: half of one has changed nothing yet, so that the state is that
   * of the byte where it began, from which the reader goes on.
   */
  snapshot(): Snapshot {
    const { cols, rows } = this.#terminal;
    const text = snapshotText(this.#inside, this.#terminal, this.#serialize);
    return { offset: this.#groundOffset, cols, rows, bytes: new TextEncoder().encode(text) };
  }

  dispose(): void {
    this.#terminal.dispose();
  }

  #listen(): void {
    const { parser } = this.#terminal;
    // The scanner's: answered when they were read.
    parser.registerCsiHandler({ final: "c" }, () => true);
    parser.registerCsiHandler({ prefix: ">", final: "c" }, () => true);
    parser.registerCsiHandler({ prefix: "=", final: "c" }, () => true);
    parser.registerCsiHandler({ final: "n" }, (params) => params[0] === 5);
    this.#terminal.onData((data) => this.#answers.push(data));
    this.#terminal.onBell(() => {
      this.#bell = true;
    });
    this.#terminal.onTitleChange((title) => {
      this.#title = title.slice(0, maxTitle);
    });
    parser.registerOscHandler(7, (data) => {
      this.#cwd = directoryOf(data) ?? this.#cwd;
      return true;
    });
  }

  #isGround(): boolean {
    return this.#inside._inputHandler._parser.currentState === ground;
  }

  #findGround(bytes: Uint8Array): void {
    if (this.#isGround()) {
      this.#groundOffset = this.#offset + bytes.length - this.#cut.length;
      return;
    }
    const start = bytes.lastIndexOf(escapeByte);
    // Begun before this chunk: it is known already.
    if (start >= 0) this.#groundOffset = this.#offset + start;
  }

  /** Of many titles in one batch only the last can be seen. */
  #drain(): Parsed {
    const events: PtyEventMessage[] = [];
    if (this.#title !== null) events.push({ kind: "title", title: this.#title });
    if (this.#cwd !== null) events.push({ kind: "cwd", cwd: this.#cwd });
    if (this.#bell) events.push({ kind: "bell" });
    const answers = this.#answers;
    this.#title = null;
    this.#cwd = null;
    this.#bell = false;
    this.#answers = [];
    return { answers, events };
  }
}

/** How many bytes of a UTF-8 sequence the chunk ends in that is not whole. */
function cutLength(bytes: Uint8Array): number {
  for (let length = 1; length <= Math.min(3, bytes.length); length++) {
    const byte = bytes[bytes.length - length] ?? 0;
    if (byte >= 0xc0) return length < (byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4) ? length : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** OSC 7 is a file URL, of this host or another. */
function directoryOf(data: string): string | null {
  try {
    const url = new URL(data);
    return url.protocol === "file:" ? decodeURIComponent(url.pathname) : null;
  } catch {
    // Not a URL: programs send all kinds of things here, and none is worth a word.
    return null;
  }
}
