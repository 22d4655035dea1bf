/** A connection of its own for migrations: Prisma's would split a script at every `;` and spread it over a pool. */
export type MigrationConnection = {
  provider: "sqlite" | "postgresql";
  /** A script of several statements. */
  exec(script: string): Promise<void>;
  /** `?` in the SQL stands for a value. */
  rows(sql: string, values: string[]): Promise<unknown[]>;
  /** All or nothing, and one at a time over all processes. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Rows whose foreign keys lead nowhere; always 0 where the database checks them as it goes. */
  danglingKeys(): Promise<number>;
  close(): Promise<void>;
};
