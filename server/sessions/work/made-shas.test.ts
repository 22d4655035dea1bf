import { describe, expect, it } from "vitest";
import { madeShas } from "./made-shas";

describe("words of a reflog", () => {
  it.each([
    ["commit (initial): one", true],
    ["commit: fast-forward", true],
    ["rebase: one", true],
    ["rebase (continue): one", true],
    ["rebase (merge): Merge branch 'x'", true],
    ["pull --rebase https://forge.example/team/app main (pick): one", true],
    ["pull: Merge made by the 'ort' strategy.", true],
    ["merge a b: Merge made by the 'octopus' strategy.", true],
    ["merge topic: In-index merge", true],
    ["rebase: checkout main", false],
    ["rebase: aborting", false],
    ["rebase (pick): fast-forward", false],
    ["rebase (abort): returning to refs/heads/x", false],
    ["rebase finished: returning to refs/heads/x", false],
    ["pull https://forge.example/team/app main: Fast-forward", false],
    ["pull --rebase (start): checkout 0123", false],
    ["clone: from https://forge.example/team/app", false],
    ["branch: Created from commit: x", false],
    ["checkout: moving from a to b", false],
    ["", false],
  ])("%s: %s", (message, isMade) => {
    expect(madeShas(`0123\0${message}\n`)).toEqual(isMade ? ["0123"] : []);
  });
});
