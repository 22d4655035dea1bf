import type { MigrationConnection } from "../migration-connection";
import { openPostgresMigrations } from "../postgres/postgres-migration-connection";
import { openSqliteMigrations } from "../sqlite/sqlite-migration-connection";

export async function connectForMigrations(url: string): Promise<MigrationConnection> {
  return url.startsWith("file:") ? openSqliteMigrations(url.slice("file:".length)) : openPostgresMigrations(url);
}
