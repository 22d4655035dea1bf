import { expect, it } from "vitest";
import { emptyDirectoryLines, parseEmptyDirectories } from "./empty-directories";

it("reads back every name it wrote", () => {
  const names = ["a b/c", "line\nbreak", '"quoted"', "ünï", "-rf"];
  expect(parseEmptyDirectories(`words\n\n${emptyDirectoryLines(names)}`)).toEqual(names);
});

it("never leads out of the worktree or into git's own directory", () => {
  const lines = emptyDirectoryLines(["../x", "/etc/x", "a/../../x", "a/.git/hooks", ""]);
  expect(parseEmptyDirectories(lines)).toEqual([]);
});
