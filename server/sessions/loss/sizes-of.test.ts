import { expect, it } from "vitest";
import { parseSizes } from "./sizes-of";

it("sums the files of each starting point, and counts no directory as bytes", () => {
  expect(parseSizes("0 f 10\n0 d 4096\n1 f 1\n1 d 4096\n2 l 5\n0 d 4096\n0 f 2147483648\n")).toEqual([
    10, 6, 0, 2147483648,
  ]);
});
