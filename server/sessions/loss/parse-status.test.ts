import { describe, expect, it } from "vitest";
import { parseStatus } from "./parse-status";

const modified = (path: string) => `1 .M N... 100644 100644 100644 ${"a".repeat(40)} ${"a".repeat(40)} ${path}\0`;

describe("parseStatus", () => {
  it("takes names with spaces, newlines, unicode and leading dashes as they stand", () => {
    const names = ["a b", "line\nbreak", "-rf", "ünï-日本", '"quoted"', "? odd", "tab\there"];
    const output = names.map(modified).join("") + names.map((name) => `? ${name}\0`).join("");
    const files = parseStatus(output);
    expect(files.changed.map(({ path }) => path)).toEqual(names);
    expect(files.untracked).toEqual(names);
  });

  it("counts a rename once and a conflict, and tells what is gone from disk", () => {
    const sha = "a".repeat(40);
    const output = [
      `2 R. N... 100644 100644 100644 ${sha} ${sha} R100 new name\0? not a file\0`,
      `u UU N... 100644 100644 100644 100644 ${sha} ${sha} ${sha} both sides\0`,
      `1 .D N... 100644 100644 000000 ${sha} ${sha} removed\0`,
      `1 D. N... 100644 000000 000000 ${sha} ${sha} removed, staged\0`,
    ].join("");
    expect(parseStatus(output)).toEqual({
      changed: [
        { path: "new name", onDisk: true },
        { path: "both sides", onDisk: null },
        { path: "removed", onDisk: false },
        { path: "removed, staged", onDisk: false },
      ],
      untracked: [],
      ignored: [],
    });
  });

  it("leaves repositories of their own to the look at those", () => {
    expect(parseStatus("? nested/\0? file\0! build/\0! x.log\0")).toEqual({
      changed: [],
      untracked: ["file"],
      ignored: ["build/", "x.log"],
    });
  });

  it.each([
    ["cut off", "? fi"],
    ["an unknown record", "Z what\0"],
    ["too few fields", "1 .M N...\0"],
  ])("[I1] refuses what it cannot read rather than leave it out: %s", (_, output) => {
    expect(() => parseStatus(output)).toThrow();
  });

  it("gives nothing for a clean worktree", () => {
    expect(parseStatus("")).toEqual({ changed: [], untracked: [], ignored: [] });
  });
});
