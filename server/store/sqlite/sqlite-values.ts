import { type ArgType, type ColumnType, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import { z } from "zod";

/** What SQLite itself can hold. */
export type SqliteValue = null | number | bigint | string | Uint8Array;

const sqliteValue: z.ZodType<SqliteValue> = z.union([
  z.null(),
  z.number(),
  z.bigint(),
  z.string(),
  z.instanceof(Uint8Array),
]);

/** Of the types that Prisma's SQLite migrations declare. */
const declaredTypes: Record<string, ColumnType> = {
  TEXT: ColumnTypeEnum.Text,
  INTEGER: ColumnTypeEnum.Int32,
  BIGINT: ColumnTypeEnum.Int64,
  REAL: ColumnTypeEnum.Double,
  DECIMAL: ColumnTypeEnum.Numeric,
  BOOLEAN: ColumnTypeEnum.Boolean,
  DATETIME: ColumnTypeEnum.DateTime,
  JSONB: ColumnTypeEnum.Json,
  BLOB: ColumnTypeEnum.Bytes,
};

/**
 * Prisma's argument as SQLite stores it. Every date becomes UTC text of one length to the millisecond, so that dates
 * sort as they are and come back exactly.
 */
export function toSqlite(value: unknown, { scalarType }: Pick<ArgType, "scalarType">): SqliteValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value instanceof Date) return dateText(value);
  if (typeof value !== "string") return sqliteValue.parse(value);
  switch (scalarType) {
    case "int":
      return Number.parseInt(value, 10);
    case "bigint":
      return BigInt(value);
    case "float":
    case "decimal":
      return Number.parseFloat(value);
    case "datetime":
      return dateText(new Date(value));
    case "bytes":
      return Buffer.from(value, "base64");
    default:
      return value;
  }
}

/** A computed column declares no type: then its first value tells. */
export function columnType(declared: string | null, values: SqliteValue[]): ColumnType {
  const known = declared === null ? undefined : declaredTypes[declared.toUpperCase()];
  return known ?? inferredType(values.find((value) => value !== null) ?? null);
}

/** Integers are read as bigint, since SQLite's are wider than a number; Prisma takes those beyond it as text. */
export function fromSqlite(value: SqliteValue): number | string | Uint8Array | null {
  if (typeof value !== "bigint") return value;
  const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return safe ? Number(value) : value.toString();
}

function inferredType(value: SqliteValue): ColumnType {
  switch (typeof value) {
    case "string":
      return ColumnTypeEnum.Text;
    case "bigint":
      return ColumnTypeEnum.Int64;
    case "number":
      return ColumnTypeEnum.Double;
    default:
      return value === null ? ColumnTypeEnum.Int32 : ColumnTypeEnum.Bytes;
  }
}

/** As Prisma writes it, so that its own tools read the same. */
const dateText = (date: Date): string => date.toISOString().replace("Z", "+00:00");
