import { describe, expect, test } from "vitest";
import { advance } from "./log-cursor";

const output = (offset: number, text: string) => ({
  ...{ kind: "output" as const, offset },
  bytes: new TextEncoder().encode(text),
});
const exit = { code: 0, signal: null, reason: "exited" as const };

describe("a reader's place in a log", () => {
  test("output is given from the next byte on, and what was given is known", () => {
    expect(advance(5, output(5, "abc"))).toEqual({ kind: "given", record: output(5, "abc"), offset: 8 });
    expect(advance(5, output(3, "abcd"))).toEqual({ kind: "given", record: output(5, "cd"), offset: 7 });
    expect(advance(5, output(1, "abcd"))).toEqual({ kind: "known" });
  });

  test("a gap moves the reader on, cut to what is new", () => {
    const given = { kind: "given", record: { kind: "gap", from: 5, to: 9 }, offset: 9 };
    expect(advance(5, { kind: "gap", from: 5, to: 9 })).toEqual(given);
    expect(advance(5, { kind: "gap", from: 0, to: 9 })).toEqual(given);
    expect(advance(5, { kind: "gap", from: 0, to: 5 })).toEqual({ kind: "known" });
  });

  test("sizes and the end count where they stand", () => {
    const resized = { kind: "resized" as const, offset: 5, cols: 1, rows: 2 };
    expect(advance(5, resized)).toEqual({ kind: "given", record: resized, offset: 5 });
    expect(advance(6, resized)).toEqual({ kind: "known" });
    expect(advance(5, { kind: "exit", offset: 5, exit })).toMatchObject({ kind: "given", offset: 5 });
  });

  test("an end below the reader, of a holder that was killed, is given where the reader is", () => {
    const record = { kind: "exit" as const, offset: 9, exit };
    expect(advance(9, { ...record, offset: 5 })).toEqual({ kind: "given", record, offset: 9 });
  });

  test("nothing beyond the next byte is believed", () => {
    for (const record of [
      output(6, "a"),
      { kind: "gap" as const, from: 6, to: 9 },
      { kind: "resized" as const, offset: 6, cols: 1, rows: 1 },
      { kind: "exit" as const, offset: 6, exit },
    ]) {
      expect(advance(5, record)).toEqual({ kind: "hole" });
    }
  });
});
