import { DatabaseSync } from "@photostructure/sqlite";
import type { MigrationConnection } from "../migration-connection";

/** Long enough for another process's migrations. */
const busyTimeoutMs = 30_000;

/**
 * Foreign keys are off: Prisma rebuilds a table by dropping it, which would delete its children too, and its own
 * `PRAGMA foreign_keys=OFF` does nothing within a transaction. What they would have caught is looked for before the end.
 */
export function openSqliteMigrations(file: string): MigrationConnection {
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  database.exec("PRAGMA foreign_keys=OFF");
  return {
    provider: "sqlite",
    exec: async (script) => database.exec(script),
    rows: async (sql, values) => database.prepare(sql).all(...values),
    async alone(work) {
      database.exec("BEGIN IMMEDIATE");
      try {
        const result = await work();
        database.exec("COMMIT");
        return result;
      } finally {
        if (database.isTransaction) database.exec("ROLLBACK");
      }
    },
    danglingKeys: async () => database.prepare("PRAGMA foreign_key_check").all().length,
    close: async () => database.close(),
  };
}
