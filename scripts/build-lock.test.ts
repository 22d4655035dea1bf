import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { alone } from "./build-lock.mjs";

let folder: string;
let lock: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "trellis-build-"));
  lock = path.join(folder, "building.lock");
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

/** Another build, which never ends by itself. */
async function beginOther(): Promise<ChildProcess> {
  const module = path.join(import.meta.dirname, "build-lock.mjs");
  const work = `(await import(${JSON.stringify(module)})).alone(${JSON.stringify(lock)}, () => {
    console.log("building");
    return new Promise((resolve) => setTimeout(resolve, 600_000));
  }, () => {})`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", work], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

test("a second build waits for the first, and a killed one holds up nobody", async () => {
  const other = await beginOther();
  let waiting = 0;
  const done = alone(
    lock,
    async () => "built",
    () => {
      waiting += 1;
      other.kill("SIGKILL");
    },
  );
  expect([await done, waiting]).toEqual(["built", 1]);
});

test("a build that failed lets the next one in", async () => {
  const fail = alone(lock, () => Promise.reject(new Error("no room")), expect.unreachable);
  await expect(fail).rejects.toThrow("no room");
  expect(await alone(lock, async () => "built", expect.unreachable)).toBe("built");
});
