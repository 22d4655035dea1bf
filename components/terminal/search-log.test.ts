import { expect, test } from "vitest";
import { searchLog } from "./search-log";

const output = ["first Error", "fine", "second error", "fine", "ERROR three"].join("\n");

test("all matches are counted, in any case, and the newest come first", () => {
  expect(searchLog(output, "error", 2)).toEqual({
    count: 3,
    matches: [
      { line: 5, text: "ERROR three" },
      { line: 3, text: "second error" },
    ],
  });
});

test("nothing is found for nothing", () => {
  expect(searchLog(output, "", 10)).toEqual({ count: 0, matches: [] });
  expect(searchLog(output, "absent", 10)).toEqual({ count: 0, matches: [] });
});
