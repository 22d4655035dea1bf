import { expect, test } from "vitest";
import { PlainOutput } from "./plain-output";

const scan = (text: string) => new PlainOutput().scan(Buffer.from(text, "latin1"));

const plain = ["text\tand\r\n", "\x1b[m\x1b[31m\x1b[38:2::1:2:3m\x1b[K\x1b[1K", "é日👩‍💻\u00a0\uffff\u{10ffff}"];
const odd = [
  ...["\x00", "\x07", "\x08", "\x0b", "\x0e", "\x18", "\x7f", "\x80", "\x9b", "\xa0", "\xc0\x80", "\xc1\xbf", "\xff"],
  ...["\xc2\x80", "\xc2\x9b", "\xc3a", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5"],
  ...[
    "\x1bc",
    "\x1b\x1b",
    "\x1b[J",
    "\x1b[?1m",
    "\x1b[>4m",
    "\x1b[1 m",
    "\x1b[3\n1m",
    "\x1b]2;x",
    "\x1b[\x1b[m",
    "\xe6\x97\x1b",
  ],
];

test("text, line ends, colours and clearing within the line are plain, wherever they are cut", () => {
  const all = Buffer.from(plain.join(""));
  for (let cut = 0; cut <= all.length; cut++) {
    const output = new PlainOutput();
    const parts = [output.scan(all.subarray(0, cut)), output.scan(all.subarray(cut))];
    expect(parts.map((part) => part.plain)).toEqual([true, true]);
    expect(parts.reduce((sum, { lines }) => sum + lines, 0)).toBe(1);
  }
  expect(scan("a\r\nb\rc\n")).toEqual({ plain: true, lines: 2, lastReturn: 4 });
});

for (const text of odd) {
  test(`${JSON.stringify(text)} is not plain, and what follows is again`, () => {
    expect(scan(`a${text}b`).plain).toBe(false);
    const output = new PlainOutput();
    output.scan(Buffer.from(`a${text}b`, "latin1"));
    expect(output.scan(Buffer.from("text\r\n")).plain).toBe(true);
  });
}
