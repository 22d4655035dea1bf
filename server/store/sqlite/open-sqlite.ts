import { open } from "node:fs/promises";
import path from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import type { Log } from "../../kit/log";
import type { Database } from "../database";
import { PrismaClient } from "../generated/sqlite/client";
import { migrate } from "../migrate";
import { DamagedDatabase, explainSqlite } from "./explain-sqlite";
import { SqliteAdapterFactory } from "./sqlite-adapter";
import { sqliteFile } from "./sqlite-file";
import { openSqliteMigrations } from "./sqlite-migration-connection";
import { tellFullDisk } from "./tell-full-disk";

/** Damage is looked for at the start only up to this size: a look reads every page. */
const checkedBytes = 64 * 1024 * 1024;

export async function openSqlite(options: { url: string; migrationsDir: string; log: Log }): Promise<Database> {
  const file = sqliteFile(options.url);
  try {
    await check(file);
    const connection = openSqliteMigrations(file);
    const applied = await migrate(connection, path.join(options.migrationsDir, "sqlite")).finally(connection.close);
    if (applied.length > 0) options.log.info("database migrated", { database: "sqlite", applied });
    const client = tellFullDisk(new PrismaClient({ adapter: new SqliteAdapterFactory(file) }));
    await client.$connect();
    return client;
  } catch (error) {
    throw explainSqlite(file, error);
  }
}

/** Makes the file for its user alone, and tells of a damaged one before anything is written to it. */
async function check(file: string): Promise<void> {
  const handle = await open(file, "a+", 0o600);
  const { size } = await handle.stat().finally(() => handle.close());
  if (size === 0 || size > checkedBytes) return;
  const database = new DatabaseSync(file, { timeout: 30_000 });
  try {
    const [row] = database.prepare("PRAGMA quick_check(1)").all();
    if (row?.quick_check !== "ok") throw new DamagedDatabase(String(row?.quick_check));
  } finally {
    database.close();
  }
}
