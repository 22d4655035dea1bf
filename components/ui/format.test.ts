import { describe, expect, it } from "vitest";
import { formatAge, formatBytes, formatDuration, formatUntil, isolated, listed, plural, splitMiddle } from "./format";

describe("words for numbers", () => {
  it("sizes keep one decimal below ten and never say 1000 of a unit", () => {
    expect([0, 999, 1000, 4096, 310_000_000, 999_600, 1_400_000_000].map(formatBytes)).toEqual([
      "0 B",
      "999 B",
      "1.0 KB",
      "4.1 KB",
      "310 MB",
      "1.0 MB",
      "1.4 GB",
    ]);
  });

  it("one is one, and thousands are parted", () => {
    expect([plural(1, "commit"), plural(0, "commit"), plural(1204, "object")]).toEqual([
      "1 commit",
      "0 commits",
      "1,204 objects",
    ]);
    expect(plural(2, "branch", "branches")).toBe("2 branches");
  });

  it("a time ahead of this clock is now, not a negative age", () => {
    expect(formatAge(10_000, 4_000)).toBe("0 s");
  });

  it("ages are as short as a list needs them", () => {
    const ages = [8, 59, 60, 3599, 3600, 47 * 3600, 49 * 3600].map((seconds) => formatAge(0, seconds * 1000));
    expect(ages).toEqual(["8 s", "59 s", "1 min", "59 min", "1 h", "47 h", "2 days"]);
  });

  it("durations say tenths, then minutes with seconds", () => {
    expect([31, 38_600, 131_000, 3_720_000].map(formatDuration)).toEqual([
      "0.0 s",
      "38.6 s",
      "2 min 11 s",
      "1 h 2 min",
    ]);
  });

  it("what is kept says for how much longer", () => {
    const hour = 3_600_000;
    expect([0.5, 1, 5, 6.5 * 24].map((hours) => formatUntil(hours * hour, 0))).toEqual([
      "less than an hour",
      "1 more hour",
      "5 more hours",
      "6 more days",
    ]);
  });

  it("a cut in the middle keeps every character and the whole tail", () => {
    expect(splitMiddle("session/ana/k3x9p2ab", 8)).toEqual({ head: "session/ana/", tail: "k3x9p2ab" });
    expect(splitMiddle("main", 12)).toEqual({ head: "", tail: "main" });
  });
});

describe("strangers' words", () => {
  it("turn nothing around them, whatever marks they carry", () => {
    expect([isolated("plain (1)"), isolated("\u202Eevil\u2069\u2066"), isolated("\u05D0 \u202Eb")]).toEqual([
      "plain (1)",
      "evil",
      "\u2068\u05D0 b\u2069",
    ]);
  });

  it("are told in full while they are few, and counted beyond", () => {
    expect([listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b", "c", "d", "e"])]).toEqual([
      "a",
      "a, b, c",
      "a, b, c, 2 more",
    ]);
  });
});
