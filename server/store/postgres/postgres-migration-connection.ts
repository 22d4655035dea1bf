import pg from "pg";
import type { MigrationConnection } from "../migration-connection";

/** The lock that Prisma's own migration tool takes, so that the two never work at the same time. */
const advisoryLock = 72_707_369;
const lockTimeoutMs = 60_000;
const connectTimeoutMs = 10_000;

export async function openPostgresMigrations(url: string): Promise<MigrationConnection> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  // Also after a query failed of it: an unheard error event would end the process.
  client.on("error", () => {});
  await client.connect();
  return {
    provider: "postgresql",
    exec: async (script) => void (await client.query(script)),
    async rows(sql, values) {
      let at = 0;
      const numbered = sql.replaceAll("?", () => {
        at += 1;
        return `$${at}`;
      });
      return (await client.query(numbered, values)).rows;
    },
    async alone(work) {
      await client.query(
        `BEGIN; SET LOCAL lock_timeout = ${lockTimeoutMs}; SELECT pg_advisory_xact_lock(${advisoryLock})`,
      );
      try {
        const result = await work();
        await client.query("COMMIT");
        return result;
      } catch (error) {
        // A connection that is gone has rolled back by itself; the error to tell is the first.
        await client.query("ROLLBACK").catch(() => {});
        throw error;
      }
    },
    danglingKeys: async () => 0,
    close: () => client.end(),
  };
}
