import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { AppError } from "../domain/app-error";
import type { MigrationConnection } from "./migration-connection";

type Migration = { name: string; sql: string; checksum: string };

/** As Prisma's own tool makes it, so that it can take over where it can be downloaded. */
const recordsTable = {
  sqlite: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL,
    "logs" TEXT, "rolled_back_at" DATETIME, "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`,
  postgresql: `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
    "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`,
};

/** SQLite's dates are what Prisma's tool writes there: milliseconds since 1970. */
const rightNow = { sqlite: "CAST(unixepoch('subsec') * 1000 AS INTEGER)", postgresql: "now()" };

const recordShape = z.object({
  name: z.string(),
  checksum: z.string(),
  finished: z.union([z.boolean(), z.number()]).transform(Boolean),
});
type Applied = z.infer<typeof recordShape>;

/**
 * Applies what is missing, each migration in a transaction of its own, and resolves with the names. Another process
 * that does the same at the same time is waited for; a second time changes nothing.
 */
export async function migrate(connection: MigrationConnection, folder: string): Promise<string[]> {
  const migrations = await readMigrations(folder);
  // Under the lock: of two that create one table at the same time, PostgreSQL fails the later.
  const records = await connection.alone(async () => {
    await connection.exec(recordsTable[connection.provider]);
    return readRecords(connection);
  });
  const applied: string[] = [];
  for (const migration of missing(migrations, records))
    if (await apply(connection, migration)) applied.push(migration.name);
  return applied;
}

/** What is not recorded yet. Throws where the records and the files contradict each other. */
function missing(migrations: Migration[], records: Applied[]): Migration[] {
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum, finished } of records) {
    const file = files.get(name);
    if (!file)
      throw new AppError(
        "unavailable",
        `it is newer than this program: it has the migration ${name}. Start the newer Trellis again, or restore a backup made by this one`,
      );
    if (!finished)
      throw new AppError("unavailable", `the migration ${name} was begun and never finished: restore a backup of it`);
    if (file.checksum !== checksum)
      throw new AppError(
        "unavailable",
        `the migration ${name} was changed after it was applied: put its file back as it was, and make a new migration`,
      );
  }
  const known = new Set(records.map(({ name }) => name));
  return migrations.filter(({ name }) => !known.has(name));
}

/** False when another process was faster. */
async function apply(connection: MigrationConnection, { name, sql, checksum }: Migration): Promise<boolean> {
  const now = rightNow[connection.provider];
  try {
    return await connection.alone(async () => {
      if ((await readRecords(connection)).some((record) => record.name === name)) return false;
      await connection.exec(sql);
      const dangling = await connection.danglingKeys();
      if (dangling > 0) throw new Error(`${dangling} rows would refer to rows that are gone`);
      await connection.rows(
        `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, started_at, applied_steps_count)
         VALUES (?, ?, ?, ${now}, ${now}, 1)`,
        [randomUUID(), checksum, name],
      );
      return true;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("unavailable", `the migration ${name} failed and changed nothing: ${reason}`, { cause: error });
  }
}

async function readRecords(connection: MigrationConnection): Promise<Applied[]> {
  const rows = await connection.rows(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`,
    [],
  );
  return z.array(recordShape).parse(rows);
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}
