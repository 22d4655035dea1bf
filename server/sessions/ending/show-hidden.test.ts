import { expect, it } from "vitest";
import { parseHidden } from "./show-hidden";

it("finds what an index hides, whatever the name", () => {
  expect(parseHidden("H seen\0h assumed\nunchanged\0S skipped\0s -both\0M h not this\0")).toEqual([
    { path: "assumed\nunchanged" },
    { path: "skipped" },
    { path: "-both" },
  ]);
});
