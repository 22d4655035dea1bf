import { expect, test } from "vitest";
import { dropOrder } from "./drop-order";

const log = (name: string, endedAt: number | null, diskBytes: number) => ({ name, endedAt, log: { diskBytes } });

test("the oldest that ended goes first, then the longest that runs; what holds nothing is not asked", () => {
  const logs = [log("short", null, 5), log("long", null, 50), log("new", 20, 9), log("old", 10, 1), log("none", 1, 0)];
  expect(dropOrder(logs).map(({ name }) => name)).toEqual(["old", "new", "long", "short"]);
});
