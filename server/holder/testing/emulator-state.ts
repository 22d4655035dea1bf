import type { Terminal } from "@xterm/headless";
import type { Emulator } from "../emulator";
import { type Inside, insideOf } from "../xterm-inside";

/** Everything that an emulator knows, to compare two. */
export function stateOf(emulator: Emulator) {
  const both = terminalOf(emulator);
  const { coreService, coreMouseService, _charsetService, _inputHandler } = both.inside;
  return {
    ...buffers(both),
    modes: coreService.modes,
    dec: coreService.decPrivateModes,
    hidden: coreService.isCursorHidden,
    mouse: [coreMouseService.activeProtocol, coreMouseService.activeEncoding],
    charsets: [0, 1, 2, 3].map((slot) => _charsetService._charsets[slot] ?? null),
    shift: _charsetService.glevel,
    title: _inputHandler._windowTitle,
    attributes: [_inputHandler._curAttrData.isBold(), _inputHandler._curAttrData.getFgColor()],
  };
}

function terminalOf(emulator: Emulator): { terminal: Terminal; inside: Inside } {
  const terminal = emulator.terminalForTests;
  return { terminal, inside: insideOf(terminal) };
}

function buffers({ terminal, inside }: { terminal: Terminal; inside: Inside }) {
  const shown = { normal: terminal.buffer.normal, alt: terminal.buffer.alternate };
  const picture = (name: "normal" | "alt") => {
    const { x, y, ybase, savedX, savedY, savedCharset, scrollTop, scrollBottom, tabs } = inside.buffers[name];
    const lines = [];
    for (let row = 0; row < shown[name].length; row++) {
      const line = shown[name].getLine(row);
      const cells = Array.from({ length: terminal.cols }, (_, column) => {
        const cell = line?.getCell(column);
        const colours = [cell?.getFgColorMode(), cell?.getFgColor(), cell?.getBgColorMode(), cell?.getBgColor()];
        return [cell?.getChars() || " ", cell?.getWidth(), ...colours, cell?.isBold(), cell?.isUnderline()].join();
      });
      lines.push(`${line?.isWrapped} ${cells.join("|")}`);
    }
    const stops = Object.keys(tabs).filter((at) => tabs[Number(at)] && Number(at) < terminal.cols);
    const saved = { savedX, savedY: Math.max(savedY - ybase, 0), savedCharset };
    return { x, y, scrollTop, scrollBottom, stops, lines, saved };
  };
  const active = inside.buffers.active === inside.buffers.alt ? "alt" : "normal";
  return { active, normal: picture("normal"), ...(active === "alt" ? { alt: picture("alt") } : {}) };
}
