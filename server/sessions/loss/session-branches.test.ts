import { describe, expect, it } from "vitest";
import { branchesInReflog, parseWorktrees, sessionBranches } from "./session-branches";

const facts = (branches: string[], more: Partial<Parameters<typeof sessionBranches>[0]> = {}) =>
  sessionBranches({
    own: "session/ada/k3x9p2ab",
    isAdopted: false,
    branches,
    others: [],
    elsewhere: [],
    checkedOutHere: [],
    ...more,
  });

describe("sessionBranches", () => {
  it("has the session's branch and its children, and no other", () => {
    const own = [
      "session/ada/k3x9p2ab",
      "session/ada/k3x9p2ab-limits",
      "session/ada/k3x9p2ab.x",
      "session/ada/k3x9p2ab/y",
    ];
    expect(facts([...own, "session/ada/k3x9p2abc", "session/ada/zzzzzzzz", "main"])).toEqual(own);
  });

  it("leaves a branch to the session that owns it more closely", () => {
    expect(facts(["feature", "feature-two", "feature-two-x"], { own: "feature", others: ["feature-two"] })).toEqual([
      "feature",
    ]);
  });

  it("takes nothing by the name of an adopted branch, and not the branch itself where another worktree has it", () => {
    const adopted = { own: "main", isAdopted: true, others: ["topic"] };
    const named = ["main", "main-x", "topic-y"];
    expect(facts(named, adopted)).toEqual(["main"]);
    expect(facts(named, { ...adopted, checkedOutHere: named })).toEqual(named);
    expect(facts(named, { ...adopted, elsewhere: ["main"] })).toEqual([]);
  });

  it("has what was checked out here, unless it is another's or is checked out elsewhere", () => {
    const named = ["mine", "session/bob/zzzzzzzz-x", "busy"];
    expect(facts(named, { checkedOutHere: named, others: ["session/bob/zzzzzzzz"], elsewhere: ["busy"] })).toEqual([
      "mine",
    ]);
  });
});

it("reads the branches that a reflog moved between", () => {
  const messages = [
    "commit: checkout: moving from x to y",
    "checkout: moving from main to ünï",
    "reset: moving to HEAD~1",
  ];
  expect(branchesInReflog(messages)).toEqual(["main", "ünï"]);
});

it("reads worktrees whose paths hold newlines and spaces", () => {
  const output =
    "worktree /c/one two\nthree\0HEAD abc\0branch refs/heads/session/ada/x\0\0worktree /d\0HEAD abc\0detached\0locked why\0\0";
  expect(parseWorktrees(output)).toEqual([
    { path: "/c/one two\nthree", branch: "session/ada/x" },
    { path: "/d", branch: null },
  ]);
});
