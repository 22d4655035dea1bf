import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { sampleRepository, sampleSession, sampleTerminal } from "../fakes/sample-rows";
import { openStore } from "./open-store";
import { seed } from "./testing/contract-stores";
import { migrationsDir, openTestStore, quietLog, temporaryDirectory, testKey } from "./testing/open-test-store";
import { describePostgres } from "./testing/postgres";

const { directory, remove } = temporaryDirectory();
afterAll(remove);

const refusal = async (url: string): Promise<string> =>
  openTestStore(url).then(
    async (store) => {
      await store.close();
      return "opened";
    },
    (error: unknown) => {
      expect(error).toBeInstanceOf(Error);
      return String(error);
    },
  );

/** As a user whom the file modes bind, which they do not bind root. */
async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

function behaviours(newDatabase: () => Promise<string>): void {
  test("what was written is there after closing and opening again, secrets too", async () => {
    const url = await newDatabase();
    const store = await openTestStore(url);
    const { user, session } = await seed(store);
    const repository = sampleRepository(user.id);
    await store.repositories.create(repository, "geheim");
    await store.close();
    const again = await openTestStore(url);
    await again.ping();
    expect(await again.sessions.get(session.id)).toEqual(session);
    expect(await again.repositories.secret(repository.id)).toBe("geheim");
    await again.close();
    const otherKey = { url, secretKey: Buffer.alloc(32, 8), migrationsDir, log: quietLog };
    const stranger = await openStore(otherKey);
    await expect(stranger.repositories.secret(repository.id)).rejects.toMatchObject({ code: "refused" });
    await stranger.close();
  });

  test("text that a database cannot hold is stored with what it cannot hold replaced, never refused", async () => {
    const store = await openTestStore(await newDatabase());
    const { session } = await seed(store);
    const terminal = sampleTerminal(session.id, { programTitle: "a\0b\ud800c😀", command: ["\0", "\udc00"] });
    await store.terminals.create(terminal);
    const stored = await store.terminals.get(terminal.id);
    expect(stored).toEqual({ ...terminal, programTitle: "a\uFFFDb\uFFFDc😀", command: ["\uFFFD", "\uFFFD"] });
    const failure = { step: "setup" as const, reason: "x", output: "\0\ud800", at: new Date(0) };
    const { failure: read } = await store.sessions.update(session.id, { failure });
    expect(read).toEqual({ ...failure, output: "\uFFFD\uFFFD" });
    await store.close();
  });

  test("dates sort and come back to the millisecond, before 1970 and far ahead too", async () => {
    const store = await openTestStore(await newDatabase());
    const { user, repository, session } = await seed(store);
    const times = [-86_400_000.0, -1, 0, 1, 999, 1000, 951_782_400_000, 4_102_444_800_001, 32_503_680_000_000];
    const made = times.map((time) => sampleSession(repository, { createdAt: new Date(time), seenAt: new Date(time) }));
    for (const each of made.toSorted((a, b) => a.id.localeCompare(b.id))) await store.sessions.create(each);
    const { items } = await store.sessions.list({ userId: user.id, limit: 50 });
    const listed = items.filter(({ id }) => id !== session.id);
    expect(listed.map(({ createdAt }) => createdAt.getTime())).toEqual(times.toReversed());
    expect(listed.map(({ seenAt }) => seenAt?.getTime())).toEqual(times.toReversed());
    await store.close();
  });

  test("a row that refers to nothing is not written", async () => {
    const store = await openTestStore(await newDatabase());
    await expect(store.repositories.create(sampleRepository("nobody"), null)).rejects.toThrow(/[Ff]oreign key/);
    await store.close();
  });
}

describe("a store over SQLite", () => {
  let databases = 0;
  behaviours(async () => {
    databases += 1;
    return `file:${path.join(directory, `store-${databases}.db`)}`;
  });

  test("[I7] its file is its user's alone", async () => {
    const file = path.join(directory, "private.db");
    await (await openTestStore(`file:${file}`)).close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("a file that is no database is refused and left as it is", async () => {
    const file = path.join(directory, "text.db");
    writeFileSync(file, "this is a letter, not a database\n".repeat(100));
    const before = readFileSync(file);
    expect(await refusal(`file:${file}`)).toMatch(/text\.db is damaged .*restore it from a backup/);
    expect(readFileSync(file)).toEqual(before);
  });

  test("a database with a damaged page is refused at the start, not in the middle of a day", async () => {
    const whole = path.join(directory, "whole.db");
    const store = await openTestStore(`file:${whole}`);
    const { repository } = await seed(store);
    for (let at = 0; at < 50; at++) await store.sessions.create(sampleSession(repository, { title: "x".repeat(2000) }));
    await store.close();
    const damaged = path.join(directory, "damaged.db");
    copyFileSync(whole, damaged);
    const { size } = statSync(damaged);
    writeSync(openSync(damaged, "r+"), Buffer.alloc(8192, 0xff), 0, 8192, Math.floor(size / 8192) * 4096);
    expect(await refusal(`file:${damaged}`)).toMatch(/damaged\.db is damaged/);
    expect(await refusal(`file:${whole}`)).toBe("opened");
  });

  test("a directory that may not be written is said, with whose right is missing", async () => {
    const locked = path.join(directory, "locked");
    mkdirSync(locked);
    chmodSync(directory, 0o755);
    chmodSync(locked, 0o555);
    const told = await unprivileged(() => refusal(`file:${path.join(locked, "trellis.db")}`));
    expect(told).toMatch(/cannot be written \(EACCES\).*the right to write to the file and to the directory .*locked/);
    chmodSync(locked, 0o755);
  });

  test("a directory that is not there, and a directory instead of a file, are said", async () => {
    expect(await refusal(`file:${path.join(directory, "nowhere/trellis.db")}`)).toMatch(/nowhere .*does not exist/);
    expect(await refusal(`file:${directory}`)).toMatch(/is a directory: DATABASE_URL must name a file/);
  });

  test("a key of another length is refused before anything is opened", async () => {
    const file = path.join(directory, "short-key.db");
    const short = { url: `file:${file}`, secretKey: testKey.subarray(1), migrationsDir, log: quietLog };
    await expect(openStore(short)).rejects.toThrow("the secret key has 31 bytes; it must have 32");
    expect(() => statSync(file)).toThrow(/ENOENT/);
  });
});

test("a PostgreSQL that is not there is said without the password", async () => {
  const told = await refusal("postgresql://ada:geheim@127.0.0.1:1/trellis");
  expect(told).toMatch(
    /PostgreSQL at 127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\): start it, or correct DATABASE_URL/,
  );
  expect(told).not.toContain("geheim");
});

describePostgres("a store over PostgreSQL", (newDatabase) => {
  behaviours(newDatabase);

  test("a database that is not there is said by its name", async () => {
    const url = new URL(await newDatabase());
    url.pathname = "/nowhere";
    expect(await refusal(url.href)).toMatch(/has no database nowhere: make it \(createdb nowhere\)/);
  });

  test("a user that is not there is said by its name", async () => {
    const url = new URL(await newDatabase());
    url.username = "stranger";
    expect(await refusal(url.href)).toMatch(/refuses the user stranger/);
  });
});
