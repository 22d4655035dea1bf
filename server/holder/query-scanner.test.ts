import { expect, test } from "vitest";
import { PlainOutput } from "./plain-output";
import { QueryScanner } from "./query-scanner";
import { anyOutput, type Dice, dice } from "./testing/any-output";

function scanner() {
  const said: string[] = [];
  const scan = new QueryScanner({
    size: () => ({ cols: 80, rows: 24 }),
    answer: (bytes) => said.push(Buffer.from(bytes).toString("latin1")),
  });
  return {
    said,
    feed: (text: string) => scan.scan(Buffer.from(text, "latin1"), false),
    feedBytes: (bytes: Uint8Array, isPlain: boolean) => scan.scan(bytes, isPlain),
    parsed: (at: number, own: string[]) => scan.parsed(at, own),
  };
}

const answers: Record<string, string> = {
  "\x1b[c": "\x1b[?1;2c",
  "\x1b[0c": "\x1b[?1;2c",
  "\x1b[>c": "\x1b[>0;276;0c",
  "\x1b[=c": "\x1bP!|00000000\x1b\\",
  "\x1b[5n": "\x1b[0n",
  "\x1b[>q": "\x1bP>|xterm.js(6.0.0)\x1b\\",
  "\x1b]11;?\x07": "\x1b]11;rgb:0707/0808/0b0b\x07",
  "\x1b]10;?\x1b\\": "\x1b]10;rgb:dddd/dede/e1e1\x1b\\",
  "\x1b]12;?\x07": "\x1b]12;rgb:ebeb/eded/efef\x07",
  "\x1b]4;1;?\x07": "\x1b]4;1;rgb:cccc/0000/0000\x07",
  "\x1b]4;231;?\x07": "\x1b]4;231;rgb:ffff/ffff/ffff\x07",
  "\x1b[18t": "\x1b[8;24;80t",
  "\x1b[14t": "\x1b[4;384;640t",
};

for (const [query, answer] of Object.entries(answers)) {
  test(`${JSON.stringify(query)} is answered once, wherever it is cut`, () => {
    for (let cut = 0; cut <= query.length; cut++) {
      const { said, feed } = scanner();
      feed(`text\x1b[31m${query.slice(0, cut)}`);
      feed(`${query.slice(cut)}more\x1b[0m`);
      expect(said.join("")).toBe(answer);
    }
  });
}

test("what asks nothing, and what stands inside a string, is not answered", () => {
  const { said, feed } = scanner();
  feed("\x1b[31m\x1b[2J\x1b[?25l\x1b[1;5H\x1b[?u\x1b]2;title\x07\x1b[8;24;80t\x1b[?1;2c\x1b[21t");
  feed("\x1b]2;a[c\x07\x1bPq[c\x1b\\\x1b_[5n\x1b\\\x1b[5\x18n");
  expect(said).toEqual([]);
});

test("answers come in the order of the questions, the emulator's among them", () => {
  const { said, feed, parsed } = scanner();
  feed("\x1b[6n\x1b[c\x1b[6n");
  expect(said).toEqual([]);
  parsed(3, []);
  expect(said).toEqual([]);
  feed("\x1b[5n");
  parsed(11, ["first", "second"]);
  expect(said).toEqual(["first", "\x1b[?1;2c", "second"]);
  parsed(15, []);
  expect(said.at(-1)).toBe("\x1b[0n");
  feed("\x1b[5n");
  expect(said).toHaveLength(5);
});

test("a question that the emulator does not answer holds nothing up", () => {
  const { said, feed, parsed } = scanner();
  feed("\x1b[6n\x1b[5n");
  parsed(8, []);
  expect(said).toEqual(["\x1b[0n"]);
  parsed(8, ["late"]);
  expect(said).toEqual(["\x1b[0n", "late"]);
});

test("what is told to be plain is passed over, and every question is found as without that word", () => {
  let found = 0;
  for (let seed = 1; seed <= 100; seed++) {
    const roll = dice(seed);
    const stream = withQuestions(roll, anyOutput(roll));
    const [told, untold] = [scanner(), scanner()];
    const plain = new PlainOutput();
    for (let at = 0; at < stream.length; ) {
      const chunk = stream.subarray(at, at + 1 + roll.below(roll.of([3, 40, 4_000])));
      told.feedBytes(chunk, plain.scan(chunk).plain);
      untold.feedBytes(chunk, false);
      at += chunk.length;
    }
    for (const each of [told, untold]) each.parsed(stream.length, Array(99).fill("own"));
    expect(told.said, `seed ${seed}`).toEqual(untold.said);
    found += untold.said.filter((answer) => answer !== "own").length;
  }
  expect(found).toBeGreaterThan(1_000);
});

/** Anywhere, so that some stand in other sequences, which they end. */
function withQuestions(roll: Dice, stream: Buffer): Buffer {
  const cuts = Array.from({ length: 30 }, () => roll.below(stream.length)).toSorted((one, other) => one - other);
  const parts = [0, ...cuts].flatMap((from, index) => [
    stream.subarray(from, cuts[index] ?? stream.length),
    Buffer.from(roll.of(Object.keys(answers)), "latin1"),
  ]);
  return Buffer.concat(parts);
}
