import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { type ITheme, Terminal } from "@xterm/xterm";
import { safeLink } from "@/components/ui/safe-link";
import { copiedText } from "./copied-text";
import type { Screen } from "./screen";
import { silenceQueries } from "./silence-queries";
import { WebglLease } from "./webgl-lease";

export type ScreenOptions = {
  fontFamily: string;
  fontSize: number;
  cursorBlink: boolean;
  screenReader: boolean;
  scrollback: number;
  theme: ITheme;
};

export type ScreenEvents = {
  onInput(bytes: Uint8Array): void;
  /** A program set the clipboard (OSC 52). */
  onCopy(text: string): void;
  onOpenLink(url: string): void;
  /** True when the page takes the key: then the terminal does not see it. */
  onKey(event: KeyboardEvent): boolean;
};

const encoder = new TextEncoder();
const gapText = (bytes: number) => {
  const kept = bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(0)} KB`;
  return encoder.encode(`\x1b[0m\r\n\x1b[2m── ${kept} no longer kept ──\x1b[0m\r\n`);
};

/** xterm.js as a screen. Owns the terminal, its addons and its canvas; `dispose` gives all of it back. */
export class XtermScreen implements Screen {
  readonly terminal: Terminal;
  readonly search = new SearchAddon();
  readonly #fit = new FitAddon();
  readonly #webgl: WebglLease;
  #muted = true;
  /** What was asked last: it takes effect when the bytes before it are parsed. */
  #muteAsked = true;

  constructor(host: HTMLElement, options: ScreenOptions, events: ScreenEvents) {
    const { screenReader, ...rest } = options;
    this.terminal = new Terminal({
      ...rest,
      allowProposedApi: true,
      screenReaderMode: screenReader,
      minimumContrastRatio: 4.5,
      macOptionIsMeta: true,
      linkHandler: { activate: (_event, uri) => this.#openLink(uri, events), allowNonHttpProtocols: false },
    });
    for (const addon of [this.#fit, this.search, new UnicodeGraphemesAddon()]) this.terminal.loadAddon(addon);
    this.terminal.loadAddon(new WebLinksAddon((_event, uri) => this.#openLink(uri, events)));
    silenceQueries(this.terminal.parser);
    this.terminal.parser.registerOscHandler(52, (data) => {
      const text = this.#muted ? null : copiedText(data);
      if (text !== null) events.onCopy(text);
      return true;
    });
    this.terminal.open(host);
    this.#webgl = new WebglLease(this.terminal, host);
    this.terminal.attachCustomKeyEventHandler((event) => !events.onKey(event));
    this.terminal.onData((text) => events.onInput(encoder.encode(text)));
    // Old mouse reports are bytes, not text.
    this.terminal.onBinary((text) => events.onInput(Uint8Array.from(text, (char) => char.charCodeAt(0))));
  }

  fits(): { cols: number; rows: number } | null {
    const fits = this.#fit.proposeDimensions();
    if (!fits || !Number.isFinite(fits.cols) || !Number.isFinite(fits.rows)) return null;
    return { cols: Math.min(1000, Math.max(2, fits.cols)), rows: Math.min(1000, Math.max(1, fits.rows)) };
  }

  write(bytes: Uint8Array, parsed: () => void): void {
    this.terminal.write(bytes, parsed);
  }

  reset(cols: number, rows: number): void {
    this.terminal.write("", () => {
      this.terminal.reset();
      this.terminal.resize(cols, rows);
    });
  }

  resize(cols: number, rows: number): void {
    this.terminal.write("", () => {
      if (this.terminal.cols !== cols || this.terminal.rows !== rows) this.terminal.resize(cols, rows);
    });
  }

  gap(bytes: number): void {
    this.terminal.write(gapText(bytes));
  }

  mute(muted: boolean): void {
    if (muted === this.#muteAsked) return;
    this.#muteAsked = muted;
    this.terminal.write("", () => {
      this.#muted = muted;
    });
  }

  /** Only a screen that can be seen holds a WebGL context: browsers allow few. */
  setVisible(visible: boolean): void {
    this.#webgl.setVisible(visible);
  }

  setOptions({ screenReader, ...options }: ScreenOptions): void {
    Object.assign(this.terminal.options, options, { screenReaderMode: screenReader });
  }

  dispose(): void {
    this.#webgl.setVisible(false);
    this.terminal.dispose();
  }

  #openLink(uri: string, events: ScreenEvents): void {
    const url = safeLink(uri);
    if (url) events.onOpenLink(url);
  }
}
