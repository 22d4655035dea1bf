import { z } from "zod";
import type { MigrationConnection } from "../migration-connection";

type Table = { name: string; columns: { name: string; type: string }[]; parents: { column: string; table: string }[] };

const rowsPerTable = 3;
const columnRow = z.object({
  table: z.string(),
  name: z.string(),
  type: z.string().transform((type) => type.toLowerCase()),
});
const parentRow = z.object({ table: z.string(), column: z.string(), parent: z.string() });

const queries = {
  sqlite: {
    columns: `SELECT t.name AS "table", c.name, c.type FROM sqlite_master t, pragma_table_info(t.name) c
      WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid`,
    parents: `SELECT t.name AS "table", f."from" AS "column", f."table" AS parent
      FROM sqlite_master t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'`,
  },
  postgresql: {
    columns: `SELECT table_name AS "table", column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
    parents: `SELECT f.conrelid::regclass::text AS "table", a.attname AS "column", f.confrelid::regclass::text AS parent
      FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
      WHERE f.contype = 'f'`,
  },
};

/** Puts rows into every table that is there, whatever the schema is: today's client cannot write to yesterday's. */
export async function fillTables(connection: MigrationConnection): Promise<void> {
  for (const table of parentsFirst(await readTables(connection)))
    for (let row = 0; row < rowsPerTable; row++) {
      const names = table.columns.map(({ name }) => `"${name}"`).join(", ");
      const values = table.columns.map((column) => value(table, column, row));
      const places = table.columns.map(({ type }) => placeFor(connection.provider, type)).join(", ");
      await connection.rows(`INSERT INTO "${table.name}" (${names}) VALUES (${places})`, values);
    }
}

/** Every row of every table, as text: what a migration must not lose. */
export async function readAllTables(
  connection: MigrationConnection,
): Promise<Map<string, Record<string, string | null>[]>> {
  const contents = new Map<string, Record<string, string | null>[]>();
  for (const { name, columns } of await readTables(connection)) {
    const texts = columns.map((column) => `CAST("${column.name}" AS TEXT) AS "${column.name}"`).join(", ");
    const rows = await connection.rows(`SELECT ${texts} FROM "${name}" ORDER BY 1`, []);
    contents.set(name, z.array(z.record(z.string(), z.string().nullable())).parse(rows));
  }
  return contents;
}

async function readTables(connection: MigrationConnection): Promise<Table[]> {
  const { columns, parents } = queries[connection.provider];
  const parentsOf = byTable(z.array(parentRow).parse(await connection.rows(parents, [])));
  const columnsOf = byTable(z.array(columnRow).parse(await connection.rows(columns, [])));
  return [...columnsOf]
    .filter(([name]) => name !== "_prisma_migrations")
    .map(([name, found]) => {
      const own = parentsOf.get(`"${name}"`) ?? parentsOf.get(name) ?? [];
      const keys = own.map(({ column, parent }) => ({ column, table: parent.replaceAll('"', "") }));
      return { name, columns: found, parents: keys };
    });
}

function byTable<Row extends { table: string }>(rows: Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(row.table, [...(groups.get(row.table) ?? []), row]);
  return groups;
}

function parentsFirst(tables: Table[]): Table[] {
  const sorted: Table[] = [];
  while (sorted.length < tables.length) {
    const done = new Set(sorted.map(({ name }) => name));
    const next = tables.filter(({ name, parents }) => {
      return !done.has(name) && parents.every(({ table }) => done.has(table) || table === name);
    });
    if (next.length === 0) throw new Error("the tables refer to each other in a circle");
    sorted.push(...next);
  }
  return sorted;
}

/** Different in every row, so that no unique index is hurt; a key is that of the parent's row of the same number. */
function value(table: Table, { name, type }: { name: string; type: string }, row: number): string {
  const parent = table.parents.find(({ column }) => column === name);
  if (parent) return `${parent.table}-id-${row}`;
  if (/int|num|real|double/.test(type)) return String(row + 1);
  if (/json/.test(type)) return `{"row":${row}}`;
  if (/date|time/.test(type)) return `2026-01-02T03:04:0${row}.678+00:00`;
  return `${table.name}-${name}-${row}`;
}

/** A value travels as text; the database makes of it what the column holds. */
function placeFor(provider: MigrationConnection["provider"], type: string): string {
  return provider === "sqlite" ? "?" : `CAST(CAST(? AS text) AS ${type})`;
}
