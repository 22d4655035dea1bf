import type { Size } from "./log-records";

/** Of the emulator's family, as the browser's own emulator would say it. */
const deviceAttributes = "\x1b[?1;2c";
const secondaryAttributes = "\x1b[>0;276;0c";
const tertiaryAttributes = "\x1bP!|00000000\x1b\\";
const version = "\x1bP>|xterm.js(6.0.0)\x1b\\";
const statusOk = "\x1b[0n";

/** The dark theme: what a viewer in the light one draws is its own affair, and two viewers may differ. */
const foreground = "dddee1";
const background = "07080b";
const cursor = "ebedef";
const ansi = (
  "2e3436 cc0000 4e9a06 c4a000 3465a4 75507b 06989a d3d7cf " + "555753 ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2 eeeeec"
).split(" ");

/** Nominal, for a PTY has no pixels; programs divide one by the other and want a ratio near 1:2. */
const cellWidth = 8;
const cellHeight = 16;

/**
 * What a control sequence asks for: `answer` needs nothing but the size, `screen` is for the emulator to answer at its
 * place. `CSI ? u` (kitty keyboard) is none: the viewers do not speak it, and silence before the answer to `CSI c` is
 * how programs find that out.
 */
export type Query = { kind: "answer"; text: string } | { kind: "screen" } | { kind: "none" };

const none: Query = { kind: "none" };
const screen: Query = { kind: "screen" };
const answer = (text: string): Query => ({ kind: "answer", text });

/** `body` is what stands between `CSI` and the final byte. */
export function csiQuery(body: string, final: string, size: Size): Query {
  switch (final) {
    case "c":
      return attributesQuery(body);
    case "n":
      if (body === "5") return answer(statusOk);
      return body === "6" || body === "?6" ? screen : none;
    case "q":
      return body === ">" || body === ">0" ? answer(version) : none;
    case "p":
      return /^\??\d+\$$/.test(body) ? screen : none;
    case "t":
      return windowQuery(body, size);
    default:
      return none;
  }
}

/** `DCS $ q`: a setting as it is now. */
export function dcsQuery(body: string): Query {
  return body.startsWith("$q") ? screen : none;
}

/** OSC 4, 10, 11 and 12 with `?`; answered with the terminator that the question had. */
export function oscQuery(body: string, terminator: string): Query {
  const [code, ...rest] = body.split(";");
  const replies: string[] = [];
  const reply = (name: string, colour: string) => replies.push(`\x1b]${name};rgb:${wide(colour)}${terminator}`);
  if (code === "4") {
    for (let at = 0; at + 1 < rest.length; at += 2) {
      const index = Number(rest[at]);
      if (rest[at + 1] === "?" && Number.isInteger(index) && index >= 0 && index < 256) {
        reply(`4;${index}`, paletteColour(index));
      }
    }
  } else if (code === "10" || code === "11" || code === "12") {
    const colours = [foreground, background, cursor].slice(Number(code) - 10);
    colours.forEach((colour, index) => {
      if (rest[index] === "?") reply(String(Number(code) + index), colour);
    });
  }
  return replies.length > 0 ? answer(replies.join("")) : none;
}

function attributesQuery(body: string): Query {
  if (body === "" || body === "0") return answer(deviceAttributes);
  if (body === ">" || body === ">0") return answer(secondaryAttributes);
  return body === "=" || body === "=0" ? answer(tertiaryAttributes) : none;
}

function windowQuery(body: string, { cols, rows }: Size): Query {
  switch (body) {
    case "14":
    case "14;0":
      return answer(`\x1b[4;${rows * cellHeight};${cols * cellWidth}t`);
    case "16":
      return answer(`\x1b[6;${cellHeight};${cellWidth}t`);
    case "18":
      return answer(`\x1b[8;${rows};${cols}t`);
    case "19":
      return answer(`\x1b[9;${rows};${cols}t`);
    default:
      return none;
  }
}

function paletteColour(index: number): string {
  const named = ansi[index];
  if (named !== undefined) return named;
  if (index >= 232) return hex(8 + (index - 232) * 10).repeat(3);
  const level = (step: number) => hex(step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return level(Math.floor(cube / 36)) + level(Math.floor(cube / 6) % 6) + level(cube % 6);
}

const hex = (value: number) => value.toString(16).padStart(2, "0");
const wide = (colour: string) => [0, 2, 4].map((at) => colour.slice(at, at + 2).repeat(2)).join("/");
