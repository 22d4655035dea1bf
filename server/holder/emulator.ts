import { SerializeAddon } from "@xterm/addon-serialize";

import { Terminal } from "@xterm/headless";
import type { PtyEventMessage } from "../protocol/holder-protocol";
import type { Snapshot } from "./emulator-port";
import { UnicodeGraphemesAddon } from "./graphemes";
import type { Size } from "./log-records";
import { snapshotText } from "./snapshot-text";
import { type Inside, insideOf } from "./xterm-inside";

export type Parsed = { answers: string[]; events: PtyEventMessage[] };

const scrollbackLines = 10_000;
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
  #answers: string[] = [];
  #title: string | null = null;
  #cwd: string | null = null;
  #bell = false;

  constructor({ offset, cols, rows }: Size & { offset: number }) {
    this.#offset = offset;
    this.#groundOffset = offset;
    const terminal = new Terminal({ allowProposedApi: true, cols, rows, scrollback: scrollbackLines, logLevel: "off" });
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

  feed(bytes: Uint8Array): Parsed {
    this.#inside.writeSync(bytes);
    this.#findGround(bytes);
    this.#offset += bytes.length;
    if (this.#isGround()) this.#groundOffset = this.#offset;
    return this.#drain();
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
    const { _parser, _utf8Decoder } = this.#inside._inputHandler;
    return _parser.currentState === ground && _utf8Decoder.interim[0] === 0;
  }

  #findGround(bytes: Uint8Array): void {
    if (this.#isGround()) return;
    const inText = this.#inside._inputHandler._parser.currentState === ground;
    const start = inText ? lastLead(bytes) : bytes.lastIndexOf(escapeByte);
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

/** Where the UTF-8 sequence begins that the chunk ends in; -1 when it began before the chunk. */
function lastLead(bytes: Uint8Array): number {
  for (let at = bytes.length - 1; at >= Math.max(0, bytes.length - 4); at--) {
    if (((bytes[at] ?? 0) & 0xc0) === 0xc0) return at;
  }
  return -1;
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
