import { expect, it } from "vitest";
import { tabTitle } from "./tab-title";

it("the tab says where this is, and first how much waits", () => {
  expect([tabTitle(null, 0), tabTitle("CSV", 0), tabTitle("CSV", 2)]).toEqual([
    "Trellis",
    "CSV · Trellis",
    "(2) CSV · Trellis",
  ]);
});
