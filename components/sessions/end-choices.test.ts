import { describe, expect, it } from "vitest";
import type { LossView } from "@/server/protocol/api";
import { choiceSentence, keeps, pushedBranches } from "./end-choices";

const counts = { commits: 3, branches: 2, files: 1, unknown: 0 };

describe("the four ways to end", () => {
  it("each says what it does with what was seen", () => {
    expect(keeps.map((keep) => choiceSentence(keep, counts))).toEqual([
      "Saves 3 commits and 1 file as rescue refs. Restore them later into a new session.",
      "Pushes 3 commits on 2 branches, and rescues what is not committed.",
      "Commits 1 file to the branch, then pushes it.",
      "Keeps no refs. 3 commits and 1 file are gone when the directory is.",
    ]);
  });

  it("the rescue is first, so that it is chosen unless a person says otherwise", () => {
    expect(keeps[0]).toBe("rescue");
  });

  it("the branches that are pushed are known, or the session's own where they could not be looked at", () => {
    const ahead = (branch: string | null, count: number) => ({
      ...{ branch, head: "0".repeat(40), commitsOnNoRemote: { count, commits: [] } },
    });
    const value = [ahead("own", 0), ahead("own-child", 2), ahead(null, 1)];
    const look: Pick<LossView, "branches"> = { branches: { state: "known", value } };
    expect(pushedBranches("push", "own", look)).toEqual(["own-child"]);
    expect(pushedBranches("commit-and-push", "own", look)).toEqual(["own", "own-child"]);
    expect(pushedBranches("push", "own", null)).toEqual(["own"]);
    expect(pushedBranches("rescue", "own", look)).toEqual([]);
  });

  it("[1] nothing seen is not called nothing lost where something could not be looked at", () => {
    const blind = { commits: 0, branches: 0, files: 0, unknown: 1 };
    expect(choiceSentence("rescue", blind)).toContain("what could not be looked at");
    expect(choiceSentence("nothing", blind)).toContain("unknown");
    expect(choiceSentence("nothing", { ...blind, unknown: 0 })).toBe("Keeps no refs. Nothing seen is unsaved.");
  });
});
