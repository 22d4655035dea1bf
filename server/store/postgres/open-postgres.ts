import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import type { Log } from "../../kit/log";
import type { Database } from "../database";
import { PrismaClient } from "../generated/postgresql/client";
import { migrate } from "../migrate";
import { explainPostgres } from "./explain-postgres";
import { openPostgresMigrations } from "./postgres-migration-connection";

const connectTimeoutMs = 10_000;
const queryTimeoutMs = 30_000;

export async function openPostgres(options: { url: string; migrationsDir: string; log: Log }): Promise<Database> {
  const { url, log } = options;
  try {
    const connection = await openPostgresMigrations(url);
    const applied = await migrate(connection, path.join(options.migrationsDir, "postgresql")).finally(connection.close);
    if (applied.length > 0) log.info("database migrated", { database: "postgresql", applied });
    const pool = {
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: queryTimeoutMs,
    };
    // A pooled connection that breaks while idle is replaced by the next query.
    const lost = (error: Error) => log.warn("database connection lost", { reason: error.message });
    const client = new PrismaClient({ adapter: new PrismaPg(pool, { onPoolError: lost, onConnectionError: lost }) });
    await client.$connect();
    // The same models made from the same schema; only the constants inside differ.
    return client as unknown as Database;
  } catch (error) {
    throw explainPostgres(url, error);
  }
}
