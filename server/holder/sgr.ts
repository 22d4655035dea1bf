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
  if (attributes.isFgPalette()) codes.push(38, 5, attributes.getFgColor());
  if (attributes.isBgRGB()) codes.push(48, 2, ...rgb(attributes.getBgColor()));
  if (attributes.isBgPalette()) codes.push(48, 5, attributes.getBgColor());
  return `\x1b[${codes.join(";")}m`;
}

const rgb = (colour: number) => [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
