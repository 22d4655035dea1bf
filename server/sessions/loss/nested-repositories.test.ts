import { expect, it } from "vitest";
import { parseFound, parseSubmodules } from "./nested-repositories";

it("names repositories by their directory, whatever is in the name", () => {
  expect(parseFound("./b/.git\0./a\nb/-c/.git\0")).toEqual(["a\nb/-c", "b"]);
});

it("takes only commits of an index as submodules", () => {
  const sha = "a".repeat(40);
  const records = [`100644 ${sha} 0\tfile`, `160000 ${sha} 0\tsub dir`, `160000 ${sha} 0\tune\nlib`];
  const output = records.map((record) => `${record}\0`).join("");
  expect([...parseSubmodules(output)]).toEqual(["sub dir", "une\nlib"]);
});
