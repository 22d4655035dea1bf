import { describe, expect, it } from "vitest";
import { branchTopic, type PullGroup, type PullNode, pullTree, treeLines } from "./pull-tree";
import { sampleChild, samplePull } from "./testing/sample-pull";

type Drawn = number | null | [number | null, Drawn[]];
const drawNode = ({ pull, children }: PullNode): Drawn =>
  children.length === 0 ? pull.number : [pull.number, children.map(drawNode)];
const drawn = (groups: PullGroup[]) => groups.map(({ base, roots }) => [base, roots.map(drawNode)]);

describe("the drawn stack", () => {
  it("puts children under their parents and each base on top, the lowest number first", () => {
    const pulls = [sampleChild(415, 413), sampleChild(417, 412), sampleChild(413, 412), samplePull(412)];
    expect(drawn(pullTree(pulls))).toEqual([["main", [[412, [[413, [415]], 417]]]]]);
  });

  it("leaves a child whose parent is not here at the bottom, on the branch that it has", () => {
    expect(drawn(pullTree([sampleChild(2, 1), samplePull(3)]))).toEqual([
      ["topic-1", [2]],
      ["main", [3]],
    ]);
  });

  it("one that was moved to its parent's base stands there; one that was not stays on what merged", () => {
    const merged = samplePull(1, { state: "merged", word: null });
    const moved = sampleChild(2, 1, {
      baseRef: "main",
      stack: { position: 1, size: 1, state: "ready", parentUrl: merged.url },
    });
    const left = sampleChild(3, 1, { stack: { position: 1, size: 1, state: "needs-retarget", parentUrl: merged.url } });
    expect(drawn(pullTree([merged, moved]))).toEqual([["main", [2, 1]]]);
    expect(drawn(pullTree([merged, left]))).toEqual([["main", [[1, [3]]]]]);
  });

  it("draws every one of a cycle once", () => {
    const pulls = [sampleChild(1, 3), sampleChild(2, 1), sampleChild(3, 2)];
    expect(drawn(pullTree(pulls))).toEqual([["topic-3", [[1, [[2, [3]]]]]]]);
    expect(drawn(pullTree([sampleChild(1, 1)]))).toEqual([["topic-1", [1]]]);
  });

  it("what is over stands below what is open, and what was never seen between", () => {
    const unseen = samplePull(9, { state: "unknown", number: null, baseRef: null, repository: null, word: null });
    const groups = pullTree([samplePull(1, { state: "closed" }), unseen, samplePull(5)]);
    expect(drawn(groups)).toEqual([
      ["main", [5, 1]],
      [null, [null]],
    ]);
  });

  it("folding hides what stands on it, and says so", () => {
    const groups = pullTree([samplePull(1), sampleChild(2, 1), sampleChild(3, 2), samplePull(4)]);
    const lines = (folded: string[]) =>
      treeLines(groups, new Set(folded)).map(({ node, level, isOpen }) => [node.pull.number, level, isOpen]);
    expect(lines([])).toEqual([
      [1, 1, true],
      [2, 2, true],
      [3, 3, null],
      [4, 1, null],
    ]);
    expect(lines(["pull-1"])).toEqual([
      [1, 1, false],
      [4, 1, null],
    ]);
  });

  it("a branch is shown by what it adds to the session's, and namesakes in full", () => {
    const own = "session/ana/k3x9";
    expect([own, `${own}-parser`, `${own}.2`, `${own}b`, "mio/x"].map((branch) => branchTopic(branch, own))).toEqual([
      "k3x9",
      "-parser",
      ".2",
      `${own}b`,
      "mio/x",
    ]);
  });
});
