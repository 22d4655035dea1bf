/** A generator of numbers from a seed, so that a stream that failed comes again. */
export type Dice = { below(limit: number): number; of<T>(all: readonly T[]): T };

export function dice(seed: number): Dice {
  let state = Math.imul(seed, 0x9e3779b1);
  const below = (limit: number) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) % limit;
  };
  return { below, of: <T>(all: readonly T[]): T => all[below(all.length)] as T };
}

const utf8 = (text: string) => Buffer.from(text).toString("latin1");
const sequences = (text: string) => text.split(" ").map((each) => `\x1b${each}`);
const ascii = ["compiling", "of many", "a", " ", "\t"];
const wide = [...ascii, ...["日本語", "e\u0301", "é", "👩‍💻", "\ufeff", "\u2014"].map(utf8)];
const colours = sequences("[31m [m [0m [1;38;5;99m [4:3m [48;2;1;2;3m [0;7m [39m [58:5:3m [22;24m [;35m [K");
/** Of a whole stretch: colours end an open string, and what scrolls by differs. */
const vocabularies = [ascii, wide, [...ascii, ...colours], [...wide, ...colours]];
const lineEnds = ["\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\n\r"];

/** What stays, and matters to all that comes after it. */
const lasting = [
  ...sequences(
    "[?1049h [?1049h [?1049l [2;3r [2;3r [1;2r [r [1;2r\x1b[9;1H [1;2r\x1b[9;1H [?69h [?6h [?6l [4h [4l [?7l [?7h [20h [20l [?45h [?2026h",
  ),
  ...sequences("(0 (B )0 [?25l [>4m [3g H 7 ]8;;http://a/\x07 ]8;;\x07 ]2;open Pq _x [3 [31;"),
  ...["\x1b]2;open", "\x1b]2;open", "\x0e", "\x0f", "\x1b", "\x9b", "\xe3\x81"],
];
const passing = [
  ...sequences("[2J [1J [H [3;2H [A [3D [2L [M [3@ [5b [3J [3S [2T [s [u [!p M D E 8 c #8 N ]2;title\x07 P$qm\x1b\\"),
  ...sequences("[6n [6n [c [5n [31\x0am [1\x1b[m [?K"),
  ...[
    "\x07",
    "\x07",
    "\x07",
    "\x08",
    "\x00",
    "\x7f",
    "\x0b",
    "\x0c",
    "\x18",
    "\xff",
    "\xc0\x80",
    "\xed\xa0\x80",
    "\xf8",
  ],
  ...["\u0085", "\u008d", "\u0088"].map(utf8),
];

/** Stretches of plain lines, most of them longer than a screen and its scrollback, and any trouble between them. */
export function anyOutput(roll: Dice): Buffer {
  const parts: string[] = [];
  for (let stretch = 0; stretch < 5; stretch++) {
    const vocabulary = roll.of(vocabularies);
    for (let lines = roll.below(250); lines > 0; lines--) parts.push(plainLine(roll, vocabulary));
    for (let troubles = roll.below(4); troubles > 0; troubles--) {
      parts.push(roll.of(roll.below(2) === 0 ? lasting : passing));
      if (roll.below(2) === 0) parts.push(plainLine(roll, vocabulary));
    }
  }
  return Buffer.from(parts.join(""), "latin1");
}

function plainLine(roll: Dice, vocabulary: string[]): string {
  const line = Array.from({ length: roll.below(5) }, () => roll.of(vocabulary)).join("");
  return `${line}${roll.below(30) === 0 ? "long ".repeat(roll.below(40)) : ""}${roll.of(lineEnds)}`;
}
