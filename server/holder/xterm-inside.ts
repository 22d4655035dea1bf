import type { Terminal } from "@xterm/headless";

/** Attributes as the emulator keeps them for the cursor; a cell of its API has the same. */
export type Attributes = {
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isBlink(): number;
  isInverse(): number;
  isInvisible(): number;
  isStrikethrough(): number;
  isOverline(): number;
  isUnderline(): number;
  isFgRGB(): boolean;
  isFgPalette(): boolean;
  getFgColorMode(): number;
  getFgColor(): number;
  isBgRGB(): boolean;
  isBgPalette(): boolean;
  getBgColorMode(): number;
  getBgColor(): number;
};

export type Charset = Record<string, string> | undefined;

export type InsideBuffer = {
  x: number;
  y: number;
  ybase: number;
  tabs: Record<number, boolean>;
  savedX: number;
  savedY: number;
  savedCurAttrData: Attributes;
  savedCharset: Charset;
  scrollTop: number;
  scrollBottom: number;
};

/**
 * What the emulator knows and its API does not tell, of @xterm/headless 6.0.0 (pinned). `emulator.test.ts` compares
 * all of it after a round trip, so that another version which moved something fails there.
 */
export type Inside = {
  writeSync(bytes: Uint8Array | string): void;
  buffers: { normal: InsideBuffer; alt: InsideBuffer; active: InsideBuffer };
  coreService: {
    isCursorHidden: boolean;
    modes: { insertMode: boolean };
    decPrivateModes: {
      applicationCursorKeys: boolean;
      applicationKeypad: boolean;
      bracketedPasteMode: boolean;
      cursorBlink: boolean | undefined;
      cursorStyle: "block" | "underline" | "bar" | undefined;
      origin: boolean;
      reverseWraparound: boolean;
      sendFocus: boolean;
      synchronizedOutput: boolean;
      wraparound: boolean;
    };
  };
  coreMouseService: { activeProtocol: string; activeEncoding: string };
  _charsetService: { glevel: number; _charsets: Charset[] };
  _inputHandler: {
    _windowTitle: string;
    _curAttrData: Attributes & { extended: { urlId: number } };
    _parser: { currentState: number };
  };
};

export function insideOf(terminal: Terminal): Inside {
  return (terminal as unknown as { _core: Inside })._core;
}
