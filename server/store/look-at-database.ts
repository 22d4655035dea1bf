import { stat } from "node:fs/promises";
import { explainPostgres } from "./postgres/explain-postgres";
import { explainSqlite } from "./sqlite/explain-sqlite";
import { sqliteFile } from "./sqlite/sqlite-file";
import { openSqliteMigrations } from "./sqlite/sqlite-migration-connection";

/**
 * Asks the database one question and changes nothing in it: a server of another version may be at work there. Rejects
 * as `openStore` does.
 */
export async function lookAtDatabase(url: string): Promise<string> {
  if (url.startsWith("file:")) return lookAtSqlite(sqliteFile(url));
  try {
    const { openPostgresMigrations } = await import("./postgres/postgres-migration-connection");
    const connection = await openPostgresMigrations(url);
    const [row] = await connection.rows("SELECT version() AS version", []).finally(connection.close);
    return String((row as { version: string }).version);
  } catch (error) {
    throw explainPostgres(url, error);
  }
}

async function lookAtSqlite(file: string): Promise<string> {
  try {
    await stat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return `SQLite in ${file}, which the first start makes`;
    throw explainSqlite(file, error);
  }
  try {
    const connection = openSqliteMigrations(file);
    await connection.rows("SELECT count(*) FROM sqlite_schema", []).finally(connection.close);
    return `SQLite in ${file}`;
  } catch (error) {
    throw explainSqlite(file, error);
  }
}
