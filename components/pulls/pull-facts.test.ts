import { describe, expect, it } from "vitest";
import type { SessionView } from "@/server/protocol/api";
import type { OpenPullView, PullView } from "@/server/protocol/pulls";
import { baseChoices, baseWords, firstBranches, pushCommand, titleOf } from "./pull-draft";
import { countingPulls, goneOn, goneWords, mergeWords, nextBase } from "./pull-facts";
import { sampleChild, samplePull } from "./testing/sample-pull";

const may = (change: Partial<PullView>) => mergeWords(samplePull(1, change), "#9");
const merged = { state: "merged", word: null } as const;

describe("merging", () => {
  it("is offered for what is mergeable or approved and for nothing else", () => {
    const offered = (
      ["ci_failed", "changes_requested", "draft", "review_pending", "pr_open", "approved", "mergeable"] as const
    ).filter((word) => may({ word }).may);
    expect(offered).toEqual(["approved", "mergeable"]);
    expect([may(merged).may, may({ state: "closed" }).may, may({ state: "unknown" }).may]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("waits for the parent, a retarget and a conflict, whatever the word is", () => {
    expect(mergeWords(sampleChild(2, 1), "#1")).toEqual({
      may: false,
      words: "It waits for #1: the bottom of a stack merges first.",
    });
    const orphan = { ...samplePull(1).stack, position: 1, size: 1, state: "orphaned", parentUrl: "u" } as const;
    expect(may({ stack: orphan }).words).toContain("#9 is over");
    expect(may({ word: "approved", mergeable: "conflict" }).may).toBe(false);
  });

  it("[4] says what is not known instead of saying nothing", () => {
    const lookFailure = { reason: "503", at: "2026-05-06T07:00:00.000Z" };
    expect(may({ word: "pr_open", mergeable: "unknown", lookFailure }).words).toContain("last look at it failed");
    expect(may({ word: "approved", mergeable: "unknown" }).words).toContain("has not said all");
  });
});

describe("what a session's pull requests say", () => {
  it("a child with an open parent does not count, unless there are only such", () => {
    const [root, child] = [samplePull(1), sampleChild(2, 1)];
    expect(countingPulls([child, root, samplePull(3, merged)])).toEqual([root]);
    expect(countingPulls([child])).toEqual([child]);
  });

  it("the branch that merged and has no open one is told of", () => {
    const done = samplePull(1, { ...merged, headRef: "session/a/x" });
    expect(goneOn([done], "session/a/x")).toBe(done);
    expect(goneOn([done, samplePull(2, { headRef: "session/a/x" })], "session/a/x")).toBeNull();
    expect(goneOn([samplePull(1, merged)], "session/a/x")).toBeNull();
    expect(goneWords([done], ["session/a/x", "session/a/x-more"])).toBe(
      "#1 from this branch is merged already: what you push goes to a branch that nobody merges any more.",
    );
    expect(goneWords([done], ["session/a/x-more"])).toBeNull();
  });

  it("a retarget goes to the base of the parent, else to the default branch", () => {
    const child = sampleChild(2, 1);
    expect(nextBase(child, [samplePull(1, { baseRef: "release" }), child], "main")).toBe("release");
    expect(nextBase(child, [child], "main")).toBe("main");
  });
});

describe("a new pull request", () => {
  const branch = "session/ana/k3x9";
  const session = (prs: PullView[]) => ({ title: "Stream CSV", branch, baseBranch: "main", prs }) as SessionView;
  const begin = (prs: PullView[]) => firstBranches(session(prs), baseChoices(session(prs), "main"));

  it("goes from the session's branch onto its base", () => {
    expect(begin([])).toEqual({ head: branch, base: "main" });
  });

  it("while that branch has an open one, it is a child on the top of its stack", () => {
    const prs = [
      samplePull(1, { headRef: branch, stack: { position: 1, size: 2, state: "root", parentUrl: null } }),
      sampleChild(2, 1, { headRef: `${branch}-parser` }),
    ];
    expect(begin(prs)).toEqual({ head: `${branch}-`, base: `${branch}-parser` });
    const choices = baseChoices(session(prs), "main");
    expect(choices.map((choice) => choice.branch)).toEqual(["main", `${branch}-parser`, branch]);
    expect(titleOf(session(prs), `${branch}-big_limits`)).toBe("Stream CSV: big limits");
    expect(titleOf(session(prs), "other")).toBe("Stream CSV");
  });

  it("may stand on any open one of the repository but those of forks, whose words turn nothing around them", () => {
    const open = (number: number, change: Partial<OpenPullView> = {}): OpenPullView => ({
      ...{ url: samplePull(number).url, number, title: `\u202E${number}`, author: "eve", draft: false },
      ...{ sessionId: null, headRef: `topic-${number}`, baseRef: "main", inFork: false, ...change },
    });
    const known = [open(1), open(7), open(8, { inFork: true })];
    const choices = baseChoices(session([samplePull(1)]), "main", known);
    expect(choices.map((choice) => choice.branch)).toEqual(["main", "topic-1", "topic-7"]);
    expect(choices.map(baseWords)).toEqual(["main", "#1 Change 1 (topic-1)", "#7 7 (topic-7)"]);
  });

  it("is pushed by a command that a shell reads as it is meant", () => {
    expect(pushCommand(branch)).toBe(`git push origin ${branch}`);
    expect(pushCommand("a;'$(b)")).toBe("git push origin 'a;'\\''$(b)'");
  });

  it("one that merged leaves the branch free", () => {
    expect(begin([samplePull(1, { ...merged, headRef: branch })]).head).toBe(branch);
  });
});
