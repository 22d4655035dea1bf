import { execFile, execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { ensureApiToken } from "../accounts/ensure-api-token";
import { ensureSecretKey } from "../accounts/ensure-secret-key";
import { sampleNotification, sampleRepository } from "../fakes/sample-rows";
import { backUp } from "./back-up";
import { openStore, type Store } from "./open-store";
import { readPages, seed } from "./testing/contract-stores";
import { migrationsDir, openTestStore, quietLog, temporaryDirectory, testKey } from "./testing/open-test-store";
import { describePostgres } from "./testing/postgres";

const { directory, remove } = temporaryDirectory();
afterAll(remove);

const root = path.resolve(import.meta.dirname, "../..");
const run = promisify(execFile);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const now = new Date("2026-05-06T07:08:09.123Z");

async function openIn(dataDir: string): Promise<Store> {
  const secretKey = await ensureSecretKey(dataDir, null);
  return openStore({ url: `file:${path.join(dataDir, "trellis.db")}`, secretKey, migrationsDir, log: quietLog });
}

/** A data directory as the program leaves it, with a repository that has a secret. */
async function filledDataDir(name: string) {
  const dataDir = path.join(directory, name);
  mkdirSync(dataDir);
  const token = await ensureApiToken(dataDir);
  const store = await openIn(dataDir);
  const { user, session } = await seed(store);
  const repository = sampleRepository(user.id);
  await store.repositories.create(repository, "geheim");
  return { dataDir, token, store, user, session, repository };
}

test("a copy made by the program while another writes is whole, and restored elsewhere it is all there", async () => {
  const { dataDir, token, store, user, session, repository } = await filledDataDir("live");
  const write = (at: number) => store.notifications.create(sampleNotification(user.id, { title: String(at) }), []);
  for (let at = 0; at < 200; at++) await write(at);
  const args = ["--import", "tsx", "server/main.ts", "--backup", path.join(directory, "backups")];
  const env = { ...process.env, TRELLIS_DATA_DIR: dataDir, DATABASE_URL: "", TRELLIS_SECRET_KEY: "" };
  let over = false;
  const program = run(process.execPath, args, { cwd: root, env }).finally(() => {
    over = true;
  });
  let written = 200;
  for (; !over; written++) {
    await write(written);
    await turn(); // SQLite answers within one turn of the loop: the program's end must be heard between two writes
  }
  const backup = (await program).stdout.trim();
  await store.close();

  expect(readdirSync(backup).sort()).toEqual(["secret-key", "token", "trellis.db"]);
  for (const name of readdirSync(backup)) expect(statSync(path.join(backup, name)).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.dirname(backup))).toEqual([path.basename(backup)]);
  const restored = path.join(directory, "restored");
  mkdirSync(restored);
  for (const name of readdirSync(backup)) copyFileSync(path.join(backup, name), path.join(restored, name));
  const copy = await openIn(restored);
  expect(await copy.sessions.get(session.id)).toEqual(session);
  expect(await copy.repositories.secret(repository.id)).toBe("geheim");
  expect(await ensureApiToken(restored)).toBe(token);
  const pages = await readPages((cursor) => copy.notifications.list(user.id, { limit: 200, ...cursor }));
  const titles = pages.flat().map(({ title }) => Number(title));
  // All that was written before it began, and nothing without what was written before that.
  expect(titles.length).toBeGreaterThanOrEqual(200);
  expect(titles.length).toBeLessThanOrEqual(written);
  expect(titles.sort((a, b) => a - b)).toEqual([...titles.keys()]);
  await copy.close();
}, 600_000);

test("one file holds the same, and a file that is there is not written over", async () => {
  const { dataDir, store, session } = await filledDataDir("packed");
  const place = path.join(directory, "archive", "trellis.tar.gz");
  const options = { databaseUrl: `file:${dataDir}/trellis.db`, dataDir, place, environment: process.env, now };
  expect(await backUp(options)).toBe(place);
  await store.close();
  expect(statSync(place).mode & 0o777).toBe(0o600);
  await expect(backUp(options)).rejects.toMatchObject({ code: "conflict" });
  expect(readdirSync(path.dirname(place))).toEqual(["trellis.tar.gz"]);
  const unpacked = path.join(directory, "unpacked");
  mkdirSync(unpacked);
  execFileSync("tar", ["-xzf", place, "-C", unpacked]);
  const copy = await openIn(unpacked);
  expect(await copy.sessions.get(session.id)).toEqual(session);
  await copy.close();
});

test("a database that is not there or damaged leaves no backup that looks like one", async () => {
  const place = path.join(directory, "none");
  const options = { dataDir: directory, place, environment: process.env, now };
  const missing = `file:${directory}/no-such.db`;
  await expect(backUp({ ...options, databaseUrl: missing })).rejects.toThrow(/no-such\.db/);
  const damaged = path.join(directory, "letter.db");
  writeFileSync(damaged, "a letter\n".repeat(1000));
  await expect(backUp({ ...options, databaseUrl: `file:${damaged}` })).rejects.toThrow(/letter\.db is damaged/);
  expect(readdirSync(place)).toEqual([]);
});

test("a tool that is missing is named", async () => {
  const { dataDir, store } = await filledDataDir("no-tar");
  await store.close();
  const place = path.join(directory, "no-tar.tar.gz");
  const options = { databaseUrl: `file:${dataDir}/trellis.db`, dataDir, place, now };
  await expect(backUp({ ...options, environment: { PATH: "" } })).rejects.toThrow("tar is not installed");
});

describePostgres("a backup of PostgreSQL", (newDatabase, binaries) => {
  test.skipIf(binaries === "")("is a dump that pg_restore reads into an empty database", async () => {
    const [from, to] = [await newDatabase(), await newDatabase()];
    const store = await openTestStore(from);
    const { session } = await seed(store);
    const environment = { ...process.env, PATH: `${binaries}${path.delimiter}${process.env["PATH"]}` };
    const place = path.join(directory, "postgres");
    const backup = await backUp({ databaseUrl: from, dataDir: directory, place, environment, now });
    await store.close();
    expect(readdirSync(backup)).toEqual(["trellis.dump"]);
    await run("pg_restore", ["--no-owner", "-d", to, path.join(backup, "trellis.dump")], { env: environment });
    const copy = await openStore({ url: to, secretKey: testKey, migrationsDir, log: quietLog });
    expect(await copy.sessions.get(session.id)).toEqual(session);
    await copy.close();
  });
});
