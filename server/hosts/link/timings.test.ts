import { expect, test } from "vitest";
import { linkTimings, retryMs } from "./timings";

test("waits double from 250 ms to 8 s, and stay there however often it failed", () => {
  expect([0, 1, 2, 5, 6, 10_000].map((attempt) => retryMs(attempt, 0, linkTimings))).toEqual([
    250, 500, 1_000, 8_000, 8_000, 8_000,
  ]);
});

test("chance takes away at most half of a wait", () => {
  expect([retryMs(3, 0.5, linkTimings), retryMs(3, 0.999_999, linkTimings)]).toEqual([1_500, expect.closeTo(1_000, 1)]);
});
