import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Every file of the checkout that git tracks or would track: what is ignored is not ours to judge. */
export function listFiles(root) {
  const git = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  return execFileSync("git", git, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 })
    .split("\0")
    .filter((file) => file !== "" && existsSync(path.join(root, file)));
}

export const isScript = (file) => /\.(ts|tsx|mjs|cjs|js)$/.test(file);
export const isTest = (file) => /\.(test|spec|contract)\.tsx?$|^e2e\/|\/testing\//.test(file);
export const read = (root, file) => readFileSync(path.join(root, file), "utf8");
