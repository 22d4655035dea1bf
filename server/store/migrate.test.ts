import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { migrate } from "./migrate";
import type { MigrationConnection } from "./migration-connection";
import { connectForMigrations } from "./testing/connect-for-migrations";
import { fillTables, readAllTables } from "./testing/fill-tables";
import { migrationsDir, temporaryDirectory } from "./testing/open-test-store";
import { describePostgres } from "./testing/postgres";
import { runScript } from "./testing/run-script";

type Provider = MigrationConnection["provider"];

/** `<migration>: ["Table.column", …]`: what a migration is meant to change in rows that are there. */
const meantToChange: Record<string, string[]> = {};

const { directory, remove } = temporaryDirectory();
afterAll(remove);
let folders = 0;

/** A folder with the first of our migrations, for a test to add its own to. */
function folderOf(provider: Provider, names = namesOf(provider)): string {
  folders += 1;
  const folder = path.join(directory, `migrations-${folders}`);
  mkdirSync(folder);
  for (const name of names)
    cpSync(path.join(migrationsDir, provider, name), path.join(folder, name), { recursive: true });
  return folder;
}

const namesOf = (provider: Provider, parent = migrationsDir): string[] =>
  readdirSync(path.join(parent, provider), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

function add(folder: string, name: string, sql: string): void {
  mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, name, "migration.sql"), sql);
}

/** A later change of the schema, written by the tool that writes all of them. */
function laterMigration(provider: Provider): { folder: string; name: string } {
  const project = path.join(directory, "project");
  const made = path.join(project, "prisma/migrations");
  if (!readdirSync(directory).includes("project")) {
    cpSync(path.dirname(migrationsDir), path.join(project, "prisma"), { recursive: true });
    symlinkSync(path.resolve(migrationsDir, "../../node_modules"), path.join(project, "node_modules"));
    const schema = path.join(project, "prisma/schema.prisma");
    const text = readFileSync(schema, "utf8");
    // SQLite cannot take NOT NULL off a column: Prisma makes the table anew and drops the old, with all that hangs on it.
    writeFileSync(
      schema,
      text.replace(/(model Repository \{[^}]*?\n {2}name +String)\n/, '$1?\n  nickname String @default("none")\n'),
    );
    execFileSync(process.execPath, [path.join(project, "prisma/db.mjs"), "migration", "later"], { stdio: "pipe" });
  }
  return { folder: path.join(made, provider), name: namesOf(provider, made).at(-1) ?? "" };
}

async function keepsRows(connection: MigrationConnection, before: string, after: string): Promise<string[]> {
  await migrate(connection, before);
  await connection.alone(() => fillTables(connection));
  const held = await readAllTables(connection);
  const applied = await migrate(connection, after);
  const holds = await readAllTables(connection);
  const changed = new Set(applied.flatMap((name) => meantToChange[name] ?? []));
  for (const [table, rows] of held)
    for (const column of Object.keys(rows[0] ?? {})) {
      if (changed.has(`${table}.${column}`)) continue;
      const values = (all: Record<string, string | null>[] | undefined) => all?.map((row) => row[column]);
      expect(values(holds.get(table)), `${table}.${column}`).toEqual(values(rows));
    }
  expect(await connection.danglingKeys()).toBe(0);
  return applied;
}

function migrations(provider: Provider, newDatabase: () => Promise<string>): void {
  let url: string;
  let connection: MigrationConnection;
  beforeEach(async () => {
    url = await newDatabase();
    connection = await connectForMigrations(url);
  });
  afterEach(() => connection.close());

  test("a second time changes nothing, and the record is what Prisma's own tool would write", async () => {
    const folder = folderOf(provider);
    expect(await migrate(connection, folder)).toEqual(namesOf(provider));
    expect(await migrate(connection, folder)).toEqual([]);
    const [name = ""] = namesOf(provider);
    const [record] = await connection.rows(
      `SELECT migration_name, checksum, applied_steps_count FROM "_prisma_migrations" WHERE finished_at IS NOT NULL`,
      [],
    );
    const sql = readFileSync(path.join(folder, name, "migration.sql"));
    const checksum = createHash("sha256").update(sql).digest("hex");
    expect({ ...(record as object) }).toEqual({ migration_name: name, checksum, applied_steps_count: 1 });
  });

  test("processes at the same time apply each migration once", async () => {
    const folder = folderOf(provider);
    for (let at = 0; at < 20; at++)
      add(folder, `30000101000000_step_${String(at).padStart(2, "0")}`, `CREATE TABLE "Step${at}" (id INTEGER)`);
    const printed = await Promise.all([1, 2, 3].map(() => runScript("migrate-script.ts", [url, folder])));
    const applied = printed.flatMap((line) => JSON.parse(line) as string[]);
    expect(applied.sort()).toEqual(readdirSync(folder).sort());
    expect(await migrate(connection, folder)).toEqual([]);
  });

  test("one that fails half way changes nothing, and goes through once it is mended", async () => {
    const folder = folderOf(provider);
    const name = "30000101000000_half";
    add(
      folder,
      name,
      `CREATE TABLE "Half" (id INTEGER); INSERT INTO "Half" VALUES (1); INSERT INTO "Nowhere" VALUES (1);`,
    );
    await expect(migrate(connection, folder)).rejects.toThrow(
      /30000101000000_half failed and changed nothing: .*Nowhere/,
    );
    await expect(connection.rows(`SELECT * FROM "Half"`, [])).rejects.toThrow(/Half/);
    add(folder, name, `CREATE TABLE "Half" (id INTEGER)`);
    expect(await migrate(connection, folder)).toEqual([name]);
  });

  test("one that was edited after it was applied is refused by name", async () => {
    const folder = folderOf(provider);
    await migrate(connection, folder);
    const [name = ""] = namesOf(provider);
    add(folder, name, "-- something else");
    await expect(migrate(connection, folder)).rejects.toThrow(`the migration ${name} was changed after it was applied`);
  });

  test("a database that is newer than the program is refused and left as it is", async () => {
    const newer = folderOf(provider);
    add(newer, "30000101000000_newer", `CREATE TABLE "Newer" (id INTEGER)`);
    await migrate(connection, newer);
    const older = folderOf(provider);
    add(older, "20990101000000_other", `CREATE TABLE "Other" (id INTEGER)`);
    await expect(migrate(connection, older)).rejects.toThrow(/newer than this program.*30000101000000_newer/);
    await expect(connection.rows(`SELECT * FROM "Other"`, [])).rejects.toThrow(/Other/);
  });

  test.each(namesOf(provider).slice(1))("%s keeps the rows of a filled database", async (name) => {
    const names = namesOf(provider);
    const until = names.indexOf(name);
    const [before, after] = [names.slice(0, until), names.slice(0, until + 1)].map((part) => folderOf(provider, part));
    expect(await keepsRows(connection, before ?? "", after ?? "")).toEqual([name]);
  });

  test("a migration yet to come keeps the rows of a filled database, also where it makes a parent table anew", async () => {
    const { folder, name } = laterMigration(provider);
    expect(await keepsRows(connection, folderOf(provider), folder)).toEqual([name]);
    const rows = await connection.rows(`SELECT name, nickname FROM "Repository" ORDER BY id`, []);
    expect(rows.map((row) => ({ ...(row as object) }))).toEqual(
      [0, 1, 2].map((row) => ({ name: `Repository-name-${row}`, nickname: "none" })),
    );
  });
}

describe("migrations of SQLite", () => {
  let databases = 0;
  migrations("sqlite", async () => {
    databases += 1;
    return `file:${path.join(directory, `${databases}.db`)}`;
  });

  test("one that would leave rows without their parents is undone", async () => {
    const connection = await connectForMigrations(`file:${path.join(directory, "dangling.db")}`);
    await migrate(connection, folderOf("sqlite"));
    await connection.alone(() => fillTables(connection));
    const folder = folderOf("sqlite");
    add(folder, "30000101000000_orphans", `DELETE FROM "Repository"`);
    await expect(migrate(connection, folder)).rejects.toThrow(/rows would refer to rows that are gone/);
    expect(await connection.rows(`SELECT id FROM "Repository"`, [])).toHaveLength(3);
    await connection.close();
  });
});

describePostgres("migrations of PostgreSQL", (newDatabase) => migrations("postgresql", newDatabase));
