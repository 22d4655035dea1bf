import { expect, it } from "vitest";
import { restoredBranches } from "./restored-branches";

const names = (head: string | null, ...branches: string[]) =>
  restoredBranches({ from: "s/old", to: "s/new", head, tips: branches.map((branch) => ({ branch, sha: "1" })) }).map(
    ({ branch }) => branch,
  );

it("makes every branch a child of the new one, and none that git could not hold beside it", () => {
  expect(names(null, "s/old", "s/old-topic", "s/old/deep/er", "odd/name")).toEqual([
    "s/new-restored",
    "s/new-topic",
    "s/new-deep-er",
    "s/new-odd-name",
  ]);
});

it("keeps the whole name of a branch that only begins alike", () => {
  expect(names(null, "s/older")).toEqual(["s/new-s-older"]);
});

it("leaves out the branch that is the new one itself, and gives no name twice", () => {
  expect(names("1", "s/old", "s/old-a", "s/old.a")).toEqual(["s/new-a", "s/new-a-2"]);
});
