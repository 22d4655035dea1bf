import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { SqliteValue } from "./sqlite-values";

export type SqliteStatement = {
  all(...values: SqliteValue[]): SqliteValue[][];
  /** The number of rows changed. */
  run(...values: SqliteValue[]): number;
  columns(): { name: string; type: string | null }[];
};

/** Prisma writes few different statements; where lists of many lengths make more, the cache starts anew. */
const maxStatements = 500;

/** Preparing a statement costs more than running it. */
export class StatementCache {
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(private readonly database: DatabaseSyncInstance) {}

  get(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#prepare(sql);
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }

  #prepare(sql: string): SqliteStatement {
    const prepared = this.database.prepare(sql);
    prepared.setReadBigInts(true);
    prepared.setReturnArrays(true);
    return {
      all: (...values) => prepared.all(...values),
      run: (...values) => Number(prepared.run(...values).changes),
      columns: () => prepared.columns(),
    };
  }
}
