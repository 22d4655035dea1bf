import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureApiToken } from "./ensure-api-token";
import { ensureSecretKey } from "./ensure-secret-key";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "trellis-accounts-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));
const file = (name: string) => path.join(directory, name);

test("[I7] key and token are made once, for their user alone, and read back", async () => {
  const [key, token] = [await ensureSecretKey(directory, null), await ensureApiToken(directory)];
  expect(key).toHaveLength(32);
  expect(await ensureSecretKey(directory, null)).toEqual(key);
  expect(await ensureApiToken(directory)).toBe(token);
  expect(readFileSync(file("token"), "utf8").trim()).toBe(token);
  for (const name of ["secret-key", "token"]) expect(statSync(file(name)).mode & 0o777).toBe(0o600);
});

test("many that make it at the same time read one, and leave nothing else behind", async () => {
  const tokens = await Promise.all(Array.from({ length: 20 }, () => ensureApiToken(directory)));
  expect(new Set(tokens).size).toBe(1);
  expect(readdirSync(directory)).toEqual(["token"]);
});

test("a file that others may read is closed to them", async () => {
  const token = await ensureApiToken(directory);
  chmodSync(file("token"), 0o644);
  expect(await ensureApiToken(directory)).toBe(token);
  expect(statSync(file("token")).mode & 0o777).toBe(0o600);
});

test("a key that is given wins, and none is made beside it", async () => {
  const given = Buffer.alloc(32, 9);
  expect(await ensureSecretKey(directory, given)).toBe(given);
  expect(readdirSync(directory)).toEqual([]);
});

test("a damaged key is never replaced: what was encrypted with it would be lost", async () => {
  for (const text of [
    "",
    "short",
    "x".repeat(44),
    Buffer.alloc(31).toString("base64"),
    Buffer.alloc(33).toString("base64"),
  ]) {
    writeFileSync(file("secret-key"), text);
    await expect(ensureSecretKey(directory, null)).rejects.toThrow(
      /secret-key must hold 32 bytes in base64: restore it/,
    );
    expect(readFileSync(file("secret-key"), "utf8")).toBe(text);
  }
});

test("a token that is empty, short or of several lines is refused, not served", async () => {
  for (const text of ["", "short", `${"a".repeat(40)}\n${"b".repeat(40)}`]) {
    writeFileSync(file("token"), text);
    await expect(ensureApiToken(directory)).rejects.toThrow(/token must hold one line/);
  }
});

test("what cannot be read or made is an error that names it", async () => {
  mkdirSync(file("token"));
  await expect(ensureApiToken(directory)).rejects.toThrow(/EISDIR/);
  await expect(ensureApiToken(file("nowhere"))).rejects.toThrow(/ENOENT.*nowhere/);
});
