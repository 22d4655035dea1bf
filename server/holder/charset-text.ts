import { Terminal } from "@xterm/headless";
import { type Charset, insideOf } from "./xterm-inside";

const slots = ["(", ")", "*", "+"];
const shifts = ["", "\x0e", "\x1bn", "\x1bo"];
const designators = ["0", "A", "4", "C", "5", "R", "Q", "K", "Y", "E", "6", "Z", "H", "7", "="];

/** Designates what is not ASCII in G0 to G3, and shifts to the one in use. */
export function charsetText({ glevel, _charsets }: { glevel: number; _charsets: Charset[] }): string {
  const designated = slots.map((slot, index) => {
    const designator = designatorOf(_charsets[index]);
    return designator === undefined ? "" : `\x1b${slot}${designator}`;
  });
  return designated.join("") + (shifts[glevel] ?? "");
}

/** The emulator keeps the table and not the name by which it was asked for; all tables are one object each. */
let names: Map<Charset, string> | undefined;

function designatorOf(charset: Charset): string | undefined {
  if (charset === undefined || charset === null) return undefined;
  if (names === undefined) {
    const probe = new Terminal({ allowProposedApi: true, cols: 2, rows: 1, logLevel: "off" });
    const inside = insideOf(probe);
    names = new Map();
    for (const designator of designators) {
      inside.writeSync(`\x1b(${designator}`);
      names.set(inside._charsetService._charsets[0], designator);
    }
    probe.dispose();
  }
  return names.get(charset);
}
