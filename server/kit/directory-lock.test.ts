import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeDirectoryLock } from "./directory-lock";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "trellis-lock-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("one holds it, the next gets null until it is released", () => {
  const release = takeDirectoryLock(directory);
  expect(release).not.toBeNull();
  expect(takeDirectoryLock(directory)).toBeNull();
  release?.();
  const again = takeDirectoryLock(directory);
  expect(again).not.toBeNull();
  again?.();
});

test("a process killed with -9 leaves no lock behind", async () => {
  const script = `
    import { DatabaseSync } from "@photostructure/sqlite";
    const database = new DatabaseSync(process.argv[1]);
    database.exec("PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE");
    console.log("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, path.join(directory, "server.lock")], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  expect(takeDirectoryLock(directory)).toBeNull();
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  const release = takeDirectoryLock(directory);
  expect(release).not.toBeNull();
  release?.();
});
