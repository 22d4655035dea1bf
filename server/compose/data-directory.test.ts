import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Lifecycle } from "../kit/lifecycle";
import { takeDataDirectory } from "./data-directory";

let directory: string;
let lifecycle: Lifecycle;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "trellis-data-"));
  lifecycle = new Lifecycle();
});

afterEach(async () => {
  await lifecycle.close();
  await rm(directory, { recursive: true });
});

test("the highest number is kept whole; none, or one that a crash cut off, is below every other", async () => {
  const { highestNumber, keepNumber } = await takeDataDirectory(directory, lifecycle);
  expect(await highestNumber()).toBe(0);
  await keepNumber(41);
  expect(await highestNumber()).toBe(41);
  expect((await readdir(directory)).filter((name) => name.includes("number"))).toEqual(["server-number"]);
  for (const cutOff of ["", "4x"]) {
    await writeFile(path.join(directory, "server-number"), cutOff);
    expect(await highestNumber()).toBe(0);
  }
});

test("[I1] a number that cannot be read is not taken for none", async () => {
  await mkdir(path.join(directory, "server-number"));
  const { highestNumber } = await takeDataDirectory(directory, lifecycle);
  await expect(highestNumber()).rejects.toThrow("EISDIR");
});
