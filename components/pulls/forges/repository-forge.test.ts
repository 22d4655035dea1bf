import { describe, expect, it } from "vitest";
import type { ForgeView } from "@/server/protocol/pulls";
import { cloneHost, forgeAt } from "./repository-forge";

describe("the forge of a clone URL", () => {
  it("reads the machine's name from each of git's ways to write it", () => {
    expect(
      [
        "https://git.example/a/b.git",
        "ssh://git@git.example:2222/a/b",
        "git@git.example:a/b",
        "/srv/a",
        "file:///srv/a",
      ].map(cloneHost),
    ).toEqual(["git.example", "git.example", "git.example", null, null]);
  });

  it("finds the one of that machine and no namesake", () => {
    const forges = [{ id: "f", url: "https://git.example" }] as ForgeView[];
    expect(forgeAt("git@git.example:a/b", forges)?.id).toBe("f");
    expect(forgeAt("https://git.example.evil/a/b", forges)).toBeNull();
    expect(forgeAt("/srv/a", forges)).toBeNull();
  });
});
