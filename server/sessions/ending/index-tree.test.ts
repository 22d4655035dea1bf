import { expect, it } from "vitest";
import { parseUnmerged } from "./index-tree";

it("takes our side of a conflict, else theirs, else the base, whatever the name", () => {
  const entry = (stage: number, path: string) => `100644 ${String(stage).repeat(40)} ${stage}\t${path}\0`;
  const output = [
    entry(1, "all\nthree"),
    entry(2, "all\nthree"),
    entry(3, "all\nthree"),
    entry(1, "-theirs"),
    entry(3, "-theirs"),
    entry(1, "base"),
  ];
  expect(parseUnmerged(output.join("")).map(({ path, stage }) => [path, stage])).toEqual([
    ["all\nthree", 2],
    ["-theirs", 3],
    ["base", 1],
  ]);
});
