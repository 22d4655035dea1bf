import type { SerializeAddon } from "@xterm/addon-serialize";
import type { IBuffer, Terminal } from "@xterm/headless";
import { charsetText } from "./charset-text";
import { modesText } from "./modes-text";
import { plain, sgr } from "./sgr";
import type { Attributes, Inside, InsideBuffer } from "./xterm-inside";

const altPrefix = "\x1b[?1049h\x1b[H";
const defaultTabWidth = 8;

/**
 * What makes a fresh emulator look like this one: the addon's text, and around it what that loses. Order matters:
 * tab stops before the text, since setting them moves the cursor; the scroll region after it, since the text scrolls,
 * and before the cursor, since it homes it; what changes how text is printed last.
 */
export function snapshotText(inside: Inside, terminal: Terminal, addon: SerializeAddon): string {
  const { alt, active } = inside.buffers;
  const attributes = inside._inputHandler._curAttrData;
  const main: Drawn = { terminal, attributes, inside: inside.buffers.normal, shown: terminal.buffer.normal };
  const normalText = addon.serialize({ excludeModes: true, excludeAltBuffer: true });
  const parts = [tabs(main), normalText, aftermath(main, false)];
  let front = main;
  if (active === alt) {
    front = { terminal, attributes, inside: alt, shown: terminal.buffer.alternate };
    const altText = addon.serialize({ excludeModes: true }).slice(normalText.length + altPrefix.length);
    // 1047 and not 1049: that would save the cursor over the one saved.
    parts.push("\x1b[0m\x1b[?1047h", tabs(front), "\x1b[H", altText, aftermath(front, false));
  }
  if (inside.coreService.decPrivateModes.origin) parts.push(aftermath(front, true));
  parts.push(charsetText(inside._charsetService), modesText(inside, terminal), title(inside));
  return parts.join("");
}

type Drawn = { terminal: Terminal; attributes: Attributes; inside: InsideBuffer; shown: IBuffer };

function tabs({ inside, terminal }: Drawn): string {
  const stops = Array.from({ length: terminal.cols }, (_, at) => at).filter((at) => inside.tabs[at]);
  const usual = Math.ceil(terminal.cols / defaultTabWidth);
  if (stops.length === usual && stops.every((at) => at % defaultTabWidth === 0)) return "";
  return `\x1b[3g${stops.map((at) => `\x1b[1;${at + 1}H\x1bH`).join("")}\x1b[H`;
}

/** Saved cursor and scroll region of a buffer, then its own cursor again. */
function aftermath(drawn: Drawn, origin: boolean): string {
  const { scrollTop, scrollBottom } = drawn.inside;
  const saved = savedCursor(drawn.inside);
  const whole = scrollTop === 0 && scrollBottom === drawn.terminal.rows - 1;
  if (saved === "" && whole && !origin) return "";
  const region = whole ? "" : `\x1b[${scrollTop + 1};${scrollBottom + 1}r`;
  return saved + region + (origin ? "\x1b[?6h" : "") + cursor(drawn, origin) + sgr(drawn.attributes);
}

function savedCursor({ savedX, savedY, savedCurAttrData, savedCharset, ybase }: InsideBuffer): string {
  const attributes = sgr(savedCurAttrData);
  const charset = charsetText({ glevel: 0, _charsets: [savedCharset] });
  if (savedX === 0 && savedY === 0 && attributes === plain && charset === "") return "";
  const row = Math.max(savedY - ybase, 0) + 1;
  return `\x1b[${row};${savedX + 1}H${attributes}${charset}\x1b7${charset === "" ? "" : "\x1b(B"}`;
}

/** A cursor past the last column (the next character wraps) is reached only by printing there. */
function cursor({ terminal, inside, shown }: Drawn, origin: boolean): string {
  const row = inside.y + 1 - (origin ? inside.scrollTop : 0);
  if (inside.x < terminal.cols) return `\x1b[${row};${inside.x + 1}H`;
  const line = shown.getLine(inside.ybase + inside.y);
  const last = line?.getCell(terminal.cols - 1);
  const wide = last?.getWidth() === 0 ? line?.getCell(terminal.cols - 2) : undefined;
  const cell = wide ?? last;
  const column = terminal.cols - (wide === undefined ? 0 : 1);
  return `\x1b[${row};${column}H${cell === undefined ? "" : sgr(cell)}${cell?.getChars() || " "}`;
}

function title({ _inputHandler }: Inside): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what a title must not carry on
  const text = _inputHandler._windowTitle.replace(/[\x00-\x1f\x7f-\x9f]/g, "").slice(0, 1024);
  return text === "" ? "" : `\x1b]2;${text}\x07`;
}
