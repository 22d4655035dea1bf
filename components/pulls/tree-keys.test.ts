import { describe, expect, it } from "vitest";
import { pullTree, treeLines } from "./pull-tree";
import { sampleChild, samplePull } from "./testing/sample-pull";
import { treeMove } from "./tree-keys";

const groups = pullTree([samplePull(1), sampleChild(2, 1), sampleChild(3, 1), samplePull(4)]);
const press = (number: number, key: string, folded: string[] = []) => {
  const move = treeMove(treeLines(groups, new Set(folded)), `pull-${number}`, key);
  return move === null ? null : `${move.kind} ${move.id.slice(5)}`;
};

describe("keys in the tree", () => {
  it("move over the lines in sight and stay at the ends", () => {
    expect([press(1, "ArrowDown"), press(2, "j"), press(4, "ArrowDown"), press(1, "k")]).toEqual([
      "focus 2",
      "focus 3",
      "focus 4",
      "focus 1",
    ]);
    expect([press(1, "ArrowDown", ["pull-1"]), press(3, "Home"), press(1, "End")]).toEqual([
      "focus 4",
      "focus 1",
      "focus 4",
    ]);
  });

  it("fold and unfold, then go to the parent and to the first child", () => {
    expect([press(1, "ArrowLeft"), press(1, "ArrowRight", ["pull-1"])]).toEqual(["fold 1", "unfold 1"]);
    expect([press(3, "ArrowLeft"), press(1, "ArrowRight"), press(3, "ArrowRight")]).toEqual([
      "focus 1",
      "focus 2",
      "focus 3",
    ]);
  });

  it("Enter and space choose; every other key stays the page's", () => {
    expect([press(2, "Enter"), press(2, " "), press(2, "n"), press(9, "Enter")]).toEqual([
      "choose 2",
      "choose 2",
      null,
      null,
    ]);
  });
});
