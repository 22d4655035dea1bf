import { describe, expect, test } from "vitest";
import { draftWords } from "./draft-words";

const commit = (subject: string, body = "") => ({ sha: subject, subject, body });
const words = (commits: ReturnType<typeof commit>[], change: Partial<Parameters<typeof draftWords>[0]> = {}) =>
  draftWords({ title: "Faster parser", isOwnBranch: true, work: { commits, template: null }, parent: null, ...change });

describe("the words of a pull request that is not opened yet", () => {
  test("are those of its one commit", () => {
    expect(words([commit("Fix it", "Because.")])).toEqual({ title: "Fix it", body: "Because." });
  });

  test("are the session's title and the subjects of several, oldest first", () => {
    expect(words([commit("One", "x"), commit("Two")])).toEqual({ title: "Faster parser", body: "- One\n- Two" });
  });

  test("are the first subject where the session has no title of its own, and of a child's branch", () => {
    const both = [commit("One"), commit("Two")];
    expect(words(both, { title: "New session" }).title).toBe("One");
    expect(words(both, { isOwnBranch: false, parent: 7 })).toEqual({
      ...{ title: "One", body: "- One\n- Two\n\nStands on #7, which merges first." },
    });
  });

  test("end with the repository's own form, which stands alone where nothing was committed", () => {
    expect(
      words([commit("One", "Why.")], { work: { commits: [commit("One", "Why.")], template: "## Tests" } }).body,
    ).toBe("Why.\n\n## Tests");
    expect(words([], { work: { commits: [], template: "## Tests" } })).toEqual({
      ...{ title: "Faster parser", body: "## Tests" },
    });
  });

  test("fit a forge, however long a subject is, and no letter is cut in half", () => {
    const { title, body } = words([commit(`a${"\u{1F98A}".repeat(400)}`)]);
    expect(title.length).toBeLessThanOrEqual(500);
    expect(title).not.toMatch(/\p{Surrogate}/u);
    expect(body).toBe("");
  });
});
