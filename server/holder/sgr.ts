import type { Attributes } from "./xterm-inside";

/** No attributes at all. */
export const plain = "\x1b[0m";

/** The sequence that sets exactly these, whatever was set before. */
export function sgr(attributes: Attributes): string {
  const codes = [0];
  const flag = (on: number, code: number) => {
    if (on) codes.push(code);
  };
  flag(attributes.isBold(), 1);
  flag(attributes.isDim(), 2);
  flag(attributes.isItalic(), 3);
  flag(attributes.isUnderline(), 4);
  flag(attributes.isBlink(), 5);
  flag(attributes.isInverse(), 7);
  flag(attributes.isInvisible(), 8);
  flag(attributes.isStrikethrough(), 9);
  flag(attributes.isOverline(), 53);
  if (attributes.isFgRGB()) codes.push(38, 2, ...rgb(attributes.getFgColor()));
  if (attributes.isFgPalette()) codes.push(...palette(attributes.getFgColorMode(), attributes.getFgColor(), 30));
  if (attributes.isBgRGB()) codes.push(48, 2, ...rgb(attributes.getBgColor()));
  if (attributes.isBgPalette()) codes.push(...palette(attributes.getBgColorMode(), attributes.getBgColor(), 40));
  return `\x1b[${codes.join(";")}m`;
}

const rgb = (colour: number) => [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];

/** The emulator's mark of one of the 16 named colours, which a theme may draw otherwise than the same of the 256. */
const named = 0x1000000;

function palette(mode: number, colour: number, base: 30 | 40): number[] {
  if (mode !== named) return [base + 8, 5, colour];
  return [colour < 8 ? base + colour : base + 60 + colour - 8];
}
