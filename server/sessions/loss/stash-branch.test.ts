import { describe, expect, it } from "vitest";
import { sessionStashes, stashBranch } from "./stash-branch";

describe("stashBranch", () => {
  it.each([
    ["WIP on session/ada/x: 1234567 Subject: with colon", "session/ada/x"],
    ["On session/ada/x-topic: my words", "session/ada/x-topic"],
    ["WIP on (no branch): 1234567 first", null],
    ["On ünï: x", "ünï"],
    ["made by a tool", null],
  ])("%s", (message, branch) => {
    expect(stashBranch(message)).toBe(branch);
  });
});

it("keeps the session's stashes, leaves out other sessions', and tells the rest without a branch", () => {
  const stashes = ["WIP on session/ada/mine-x: a", "On other: b", "WIP on main: c", "custom"].map((message, index) => ({
    sha: `${index}`,
    message,
  }));
  expect(
    sessionStashes(stashes, { own: ["session/ada/mine"], others: ["other"] }).map(({ ref, branch }) => [ref, branch]),
  ).toEqual([
    ["stash@{0}", "session/ada/mine-x"],
    ["stash@{2}", null],
    ["stash@{3}", null],
  ]);
});
