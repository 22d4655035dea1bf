import { expect, test } from "vitest";
import { Emulator } from "./emulator";
import { stateOf } from "./testing/emulator-state";

const bytes = (text: string) => new TextEncoder().encode(text);
const size = { cols: 40, rows: 10 };

/** The snapshot of what `text` drew, and the same drawn from it. */
function roundTrip(text: string) {
  const first = new Emulator({ offset: 0, ...size });
  first.feed(bytes(text));
  const { offset, bytes: drawn } = first.snapshot();
  const second = new Emulator({ offset, ...size });
  second.feed(drawn);
  second.feed(bytes(text).subarray(offset));
  return { first: stateOf(first), second: stateOf(second) };
}

const streams: Record<string, string> = {
  "text, colours and scrollback": Array.from({ length: 30 }, (_, n) => `\x1b[3${n % 8}mline ${n}\x1b[0m`).join("\r\n"),
  "wrapped and wide text": `${"0123456789".repeat(9)}日本語テキスト👩‍💻 e\u0301`,
  "a cursor that wraps with the next character": "x".repeat(40),
  "a cursor that wraps, in a scroll region": `\x1b[3;7r\x1b[4;1H${"y".repeat(40)}`,
  "mouse reports in SGR encoding": "\x1b[?1002h\x1b[?1006h",
  "a scroll region, with the cursor in it": "one\r\ntwo\x1b[2;5r\x1b[3;4Hhere",
  "origin mode": "\x1b[3;8r\x1b[?6h\x1b[2;3Hin",
  "a saved cursor with its attributes": "\x1b[5;9H\x1b[1;35m\x1b7\x1b[0m\x1b[2;2H",
  "tab stops": "\x1b[3g\x1b[1;5H\x1bH\x1b[1;11H\x1bH\x1b[4;4Hx",
  "line drawing in G0": "\x1b(0lqqk",
  "a shift to G1": "\x1b)0abc\x0elqk",
  "the shape of the cursor": "\x1b[4 q",
  "bracketed paste, application keys, focus reports": "\x1b[?2004h\x1b[?1h\x1b=\x1b[?1004h",
  "insert mode, no wrap, hidden cursor": "abc\x1b[4h\x1b[?7l\x1b[?25l",
  "a title": "\x1b]2;make \x1b\\",
  "the alternate screen over another": "shell\r\n$ vi\x1b[1;32m\x1b[?1049h\x1b[2J\x1b[H\x1b[44mfile\x1b[2;9r\x1b[5;5H",
  "attributes under the cursor": "\x1b[1;38;5;99mbold",
};

for (const [name, text] of Object.entries(streams)) {
  test(`a snapshot loses nothing of: ${name}`, () => {
    const { first, second } = roundTrip(text);
    expect(second).toEqual(first);
  });
}

test("what is drawn after a snapshot looks as if there had been none", () => {
  for (const [name, text] of Object.entries(streams)) {
    const first = new Emulator({ offset: 0, ...size });
    first.feed(bytes(text));
    const second = new Emulator({ offset: 0, ...size });
    second.feed(first.snapshot().bytes);
    const after = bytes("Z\r\n\tq\x1b8r\x1b[?1049lback");
    first.feed(after);
    second.feed(after);
    expect(stateOf(second), name).toEqual(stateOf(first));
  }
});

test("a snapshot inside a sequence or a character stands before it", () => {
  for (const part of ["\x1b[38;5", "\x1b]2;half a ti", "\x1bP$q", "\x1b", "日"]) {
    const emulator = new Emulator({ offset: 1000, ...size });
    const whole = bytes(`text${part}`);
    const cut = part === "日" ? whole.subarray(0, -1) : whole;
    for (const byte of cut) emulator.feed(Uint8Array.of(byte));
    expect(emulator.snapshot().offset, part).toBe(1004);
  }
});

test("it answers what needs a screen, and nothing else", () => {
  const emulator = new Emulator({ offset: 0, ...size });
  const ask = (query: string) => emulator.feed(bytes(query)).answers.join("");
  expect(ask("ab\x1b[6n")).toBe("\x1b[1;3R");
  expect(ask("\x1b[?2004$p")).toBe("\x1b[?2004;2$y");
  expect(ask("\x1bP$qr\x1b\\")).toBe("\x1bP1$r1;10r\x1b\\");
  for (const query of ["\x1b[c", "\x1b[>c", "\x1b[=c", "\x1b[5n", "\x1b[>q", "\x1b]11;?\x07", "\x1b[18t", "\x1b[?u"]) {
    expect(ask(query), JSON.stringify(query)).toBe("");
  }
});

test("title, directory and bell are told, the last of each batch", () => {
  const emulator = new Emulator({ offset: 0, ...size });
  const { events } = emulator.feed(bytes("\x1b]0;one\x07\x1b]2;two\x07\x1b]7;file://host/tmp/a%20b\x07\x07\x07"));
  expect(events).toEqual([{ kind: "title", title: "two" }, { kind: "cwd", cwd: "/tmp/a b" }, { kind: "bell" }]);
});

test("a character is drawn wherever it is cut", () => {
  const text = bytes("a \u2014 b\u{1f000}c\u{40000}d 日");
  const whole = new Emulator({ offset: 0, ...size });
  whole.feed(text);
  for (let first = 0; first < text.length; first++) {
    for (let second = first; second < text.length; second++) {
      const cut = new Emulator({ offset: 0, ...size });
      for (const part of [text.subarray(0, first), text.subarray(first, second), text.subarray(second)]) cut.feed(part);
      expect(cut.snapshot()).toEqual(whole.snapshot());
    }
  }
});
