import { describe, expect, it } from "vitest";
import { choiceSentence, keeps } from "./end-choices";

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

  it("[1] nothing seen is not called nothing lost where something could not be looked at", () => {
    const blind = { commits: 0, branches: 0, files: 0, unknown: 1 };
    expect(choiceSentence("rescue", blind)).toContain("what could not be looked at");
    expect(choiceSentence("nothing", blind)).toContain("unknown");
    expect(choiceSentence("nothing", { ...blind, unknown: 0 })).toBe("Keeps no refs. Nothing seen is unsaved.");
  });
});
