import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copyHolder, removeOldCopies } from "./holder-copy";

let root: string;
let holderDir: string;
const bundle = async (version: string) => {
  const directory = join(root, `bundle-${version}`);
  await mkdir(join(directory, "native"), { recursive: true });
  await writeFile(join(directory, "version"), `${version}\n`);
  await writeFile(join(directory, "holder.mjs"), `// ${version}`);
  await writeFile(join(directory, "native", "pty.node"), "native");
  return directory;
};
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "trellis-copy-"));
  holderDir = join(root, "holder");
  await mkdir(holderDir);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("the holder's copy", () => {
  test("is whole, under its version, and stays when the bundle is rebuilt", async () => {
    const from = await bundle("1.0-abc");
    const copy = await copyHolder(from, holderDir);
    expect(copy).toEqual({ version: "1.0-abc", directory: join(holderDir, "1.0-abc") });
    await rm(from, { recursive: true });
    expect(await readFile(join(copy.directory, "native", "pty.node"), "utf8")).toBe("native");
  });

  test("is made once by any number of starters, and leaves no draft", async () => {
    const from = await bundle("2");
    const copies = await Promise.all(Array.from({ length: 8 }, () => copyHolder(from, holderDir)));
    expect(new Set(copies.map((copy) => copy.directory)).size).toBe(1);
    expect(await readdir(holderDir)).toEqual(["2"]);
    expect((await readdir(join(holderDir, "2"))).sort()).toEqual(["holder.mjs", "native", "version"]);
  });

  test("a bundle that was not built, or whose version is a path, is an error", async () => {
    await expect(copyHolder(join(root, "nothing"), holderDir)).rejects.toThrow("holds no holder");
    const from = await bundle("3");
    await writeFile(join(from, "version"), "../../etc");
    await expect(copyHolder(from, holderDir)).rejects.toThrow("not a version");
  });

  test("old copies and dead drafts go; what is kept, is being made, or is no copy stays", async () => {
    for (const version of ["1", "2", "3"]) await copyHolder(await bundle(version), holderDir);
    for (const other of ["state", ".copy-1-aa", ".copy-2-bb"]) await mkdir(join(holderDir, other));
    await utimes(join(holderDir, ".copy-1-aa"), 0, 0);
    await writeFile(join(holderDir, "holder.sock"), "");
    expect((await removeOldCopies(holderDir, ["3", "1"])).sort()).toEqual([".copy-1-aa", "2"]);
    expect((await readdir(holderDir)).sort()).toEqual([".copy-2-bb", "1", "3", "holder.sock", "state"]);
  });
});
