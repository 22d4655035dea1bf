import { DbNull, type InputJsonValue } from "@prisma/client/runtime/client";

/** A row or a part of one as Prisma takes it: the columns named in `Json` hold JSON. */
export type Columns<Row, Json extends keyof Row> = {
  [Key in keyof Row]: Key extends Json
    ? null extends Row[Key]
      ? InputJsonValue | typeof DbNull
      : InputJsonValue
    : Row[Key];
};

/** A row of the domain as columns. Dates inside JSON become ISO text, which the row's schema reads again. */
export function toColumns<Row extends object, Json extends keyof Row>(
  row: Row,
  json: readonly Json[],
): Columns<Row, Json> {
  const isJson = (key: string): boolean => (json as readonly PropertyKey[]).includes(key);
  const columns = Object.entries(row).map(([key, value]) => [key, isJson(key) ? jsonColumn(value) : storable(value)]);
  return Object.fromEntries(columns) as Columns<Row, Json>;
}

/** A value of a JSON column; null is SQL's NULL, never JSON's. */
export function jsonColumn(value: unknown): InputJsonValue | typeof DbNull {
  if (value === null || value === undefined) return DbNull;
  return JSON.parse(JSON.stringify(value, (_, part) => storable(part)));
}

/** PostgreSQL takes neither NUL nor half a surrogate pair in text, and what programs print has both. */
function storable(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\uFFFD").replaceAll("\0", "\uFFFD") : value;
}
