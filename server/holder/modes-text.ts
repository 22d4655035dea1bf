import type { Terminal } from "@xterm/headless";
import type { Inside } from "./xterm-inside";

const mouseProtocols: Record<string, string> = { X10: "?9", VT200: "?1000", DRAG: "?1002", ANY: "?1003" };
const mouseEncodings: Record<string, string> = { SGR: "?1006", SGR_PIXELS: "?1016" };
const cursorStyles = { block: 1, underline: 3, bar: 5 };

/** All modes that differ from those of a fresh emulator, but for origin mode, which moves the cursor. */
export function modesText({ coreService, coreMouseService }: Inside, terminal: Terminal): string {
  const { modes, decPrivateModes: dec, isCursorHidden } = coreService;
  const set: string[] = [];
  const mode = (on: boolean, name: string) => {
    if (on) set.push(`\x1b[${name}h`);
  };
  mode(dec.applicationCursorKeys, "?1");
  mode(dec.applicationKeypad, "?66");
  mode(dec.bracketedPasteMode, "?2004");
  mode(dec.reverseWraparound, "?45");
  mode(dec.sendFocus, "?1004");
  mode(modes.insertMode, "4");
  mode(terminal.options.convertEol === true, "20");
  const protocol = mouseProtocols[coreMouseService.activeProtocol];
  const encoding = mouseEncodings[coreMouseService.activeEncoding];
  if (protocol !== undefined) set.push(`\x1b[${protocol}h`);
  if (encoding !== undefined) set.push(`\x1b[${encoding}h`);
  if (!dec.wraparound) set.push("\x1b[?7l");
  if (isCursorHidden) set.push("\x1b[?25l");
  if (dec.cursorStyle !== undefined) {
    set.push(`\x1b[${cursorStyles[dec.cursorStyle] + (dec.cursorBlink === false ? 1 : 0)} q`);
  }
  mode(dec.synchronizedOutput, "?2026");
  return set.join("");
}
