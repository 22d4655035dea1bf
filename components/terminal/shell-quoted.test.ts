import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellQuoted } from "./shell-quoted";

test.each(["/tmp/plain.txt", "/tmp/with space.txt", "/tmp/it's; rm -rf $HOME `x`.txt", "/tmp/línea\nnew.txt"])(
  "a real shell reads %j as one word",
  (path) => {
    expect(execFileSync("sh", ["-c", `printf %s ${shellQuoted(path)}`], { encoding: "utf8" })).toBe(path);
  },
);
