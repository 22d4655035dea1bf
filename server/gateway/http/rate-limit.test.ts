import { expect, test } from "vitest";
import { RateLimit } from "./rate-limit";

test("failures beyond the limit are refused with the seconds left, per key, until the window is over", () => {
  let now = 0;
  const limit = new RateLimit(2, 60_000, () => now);
  limit.failed("a");
  limit.check("a");
  limit.failed("a");
  now = 15_000;
  expect(() => limit.check("a")).toThrow("Try again in 45 s");
  limit.check("b");
  now = 60_000;
  limit.check("a");
});

test("the keys kept are bounded", () => {
  const limit = new RateLimit(1, 60_000, () => 0);
  for (let key = 0; key <= 10_000; key += 1) limit.failed(String(key));
  limit.check("0");
  expect(() => limit.check("10000")).toThrow();
});
