import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import type {
  ConnectionInfo,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  SqlResultSet,
  Transaction,
} from "@prisma/driver-adapter-utils";
import { throwForPrisma } from "./sqlite-failure";
import { columnType, fromSqlite, toSqlite } from "./sqlite-values";
import { StatementCache } from "./statement-cache";
import { Turns } from "./turns";

const named = { provider: "sqlite", adapterName: "trellis-sqlite" } as const;

/** How long a statement waits for another process's write, such as a backup's. The event loop stands meanwhile. */
const busyTimeoutMs = 5_000;

/** SQLite's own bound since 3.32. */
const maxBindValues = 32_766;

class SqliteQueries implements SqlQueryable {
  readonly provider = named.provider;
  readonly adapterName = named.adapterName;

  constructor(protected readonly statements: StatementCache) {}

  async queryRaw({ sql, args, argTypes }: SqlQuery): Promise<SqlResultSet> {
    return this.attempt(() => {
      const statement = this.statements.get(sql);
      const rows = statement.all(...bound(args, argTypes));
      const columns = statement.columns();
      return {
        columnNames: columns.map(({ name }) => name),
        columnTypes: columns.map(({ type }, at) =>
          columnType(
            type,
            rows.map((row) => row[at] ?? null),
          ),
        ),
        rows: rows.map((row) => row.map(fromSqlite)),
      };
    });
  }

  async executeRaw({ sql, args, argTypes }: SqlQuery): Promise<number> {
    return this.attempt(() => this.statements.get(sql).run(...bound(args, argTypes)));
  }

  protected async attempt<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      return throwForPrisma(error);
    }
  }
}

class SqliteTransaction extends SqliteQueries implements Transaction {
  /** Prisma sends no COMMIT or ROLLBACK of its own: it calls the methods below. */
  readonly options = { usePhantomQuery: true };

  constructor(
    statements: StatementCache,
    private readonly database: DatabaseSyncInstance,
    private readonly release: () => void,
  ) {
    super(statements);
  }

  async commit(): Promise<void> {
    await this.attempt(() => this.#end("COMMIT")).finally(this.release);
  }

  async rollback(): Promise<void> {
    await this.attempt(() => this.#end("ROLLBACK")).finally(this.release);
  }

  /** Never leaves a transaction open, or none could begin after it. SQLite rolls back by itself after some failures. */
  #end(how: "COMMIT" | "ROLLBACK"): void {
    try {
      if (how === "COMMIT" || this.database.isTransaction) this.database.exec(how);
    } finally {
      if (this.database.isTransaction) this.database.exec("ROLLBACK");
    }
  }
}

class SqliteAdapter extends SqliteQueries implements SqlDriverAdapter {
  /** One connection: whoever is outside a transaction waits for its end. */
  readonly #turns = new Turns();

  constructor(private readonly database: DatabaseSyncInstance) {
    super(new StatementCache(database));
  }

  async executeScript(script: string): Promise<void> {
    await this.attempt(() => this.database.exec(script));
  }

  async startTransaction(): Promise<Transaction> {
    const release = await this.#turns.take();
    try {
      // IMMEDIATE takes the write lock now: a read that turns into a write later could not wait for another's.
      this.database.exec("BEGIN IMMEDIATE");
      return new SqliteTransaction(this.statements, this.database, release);
    } catch (error) {
      release();
      return throwForPrisma(error);
    }
  }

  getConnectionInfo(): ConnectionInfo {
    return { supportsRelationJoins: false, maxBindValues };
  }

  /** A stopped server leaves one whole file: statements that are still kept would hold SQLite's own checkpoint off. */
  async dispose(): Promise<void> {
    const release = await this.#turns.take();
    try {
      this.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // On a full disk, say: what is not moved stays in the file beside it, and is read at the next start.
    } finally {
      this.database.close();
      release();
    }
  }

  protected override async attempt<T>(work: () => T): Promise<T> {
    const release = await this.#turns.take();
    return super.attempt(work).finally(release);
  }
}

/** Prisma over SQLite that is ready-made in its package: no download and no compiler on install. */
export class SqliteAdapterFactory implements SqlDriverAdapterFactory {
  readonly provider = named.provider;
  readonly adapterName = named.adapterName;

  constructor(private readonly file: string) {}

  async connect(): Promise<SqlDriverAdapter> {
    const database = new DatabaseSync(this.file, { timeout: busyTimeoutMs });
    database.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON");
    return new SqliteAdapter(database);
  }
}

function bound(args: SqlQuery["args"], types: SqlQuery["argTypes"]) {
  return args.map((value, at) => toSqlite(value, types[at] ?? { scalarType: "unknown" }));
}
