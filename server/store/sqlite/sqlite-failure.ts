import { DriverAdapterError, type MappedError } from "@prisma/driver-adapter-utils";
import { z } from "zod";

/** Of SQLite's result codes (https://www.sqlite.org/rescode.html), those that mean something to us. */
export const sqliteCode = {
  busy: 5,
  readonly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
  foreignKey: 787,
  notNull: 1299,
  primaryKey: 1555,
  trigger: 1811,
  unique: 2067,
} as const;

const driverError = z.object({ code: z.literal("ERR_SQLITE_ERROR"), message: z.string(), errcode: z.int().optional() });

/** The driver leaves the code out of what fails while rows are read: then SQLite's own words tell. */
const codesByWords: [RegExp, number][] = [
  [/UNIQUE constraint failed/, sqliteCode.unique],
  [/NOT NULL constraint failed/, sqliteCode.notNull],
  [/FOREIGN KEY constraint failed/, sqliteCode.foreignKey],
  [/database (table )?is locked/, sqliteCode.busy],
  [/readonly database/, sqliteCode.readonly],
  [/disk image is malformed/, sqliteCode.corrupt],
  [/not a database/, sqliteCode.notADatabase],
  [/disk is full/, sqliteCode.full],
  [/disk I\/O error/, sqliteCode.ioError],
  [/unable to open database/, sqliteCode.cannotOpen],
];
const unknownCode = 1;

/** Null when it is no error of SQLite. `code` is the extended one; its lowest byte is the primary one. */
export function readSqliteError(error: unknown): { code: number; primary: number; message: string } | null {
  const read = driverError.safeParse(error);
  if (!read.success) return null;
  const { message, errcode } = read.data;
  const code = errcode ?? codesByWords.find(([words]) => words.test(message))?.[1] ?? unknownCode;
  return { code, primary: code & 0xff, message };
}

/** Prisma knows a failure by its kind: it makes its own codes (P2002, …) of these. */
export function throwForPrisma(error: unknown): never {
  const failure = readSqliteError(error);
  if (failure === null) throw error;
  const { code, message } = failure;
  throw new DriverAdapterError({ ...mapped(failure), originalCode: String(code), originalMessage: message });
}

function mapped({ code, primary, message }: { code: number; primary: number; message: string }): MappedError {
  const fields = message
    .split("constraint failed: ")[1]
    ?.split(", ")
    .map((field) => field.slice(field.lastIndexOf(".") + 1));
  const constraint = fields ? { constraint: { fields } } : {};
  if (code === sqliteCode.unique || code === sqliteCode.primaryKey)
    return { kind: "UniqueConstraintViolation", ...constraint };
  if (code === sqliteCode.notNull) return { kind: "NullConstraintViolation", ...constraint };
  if (code === sqliteCode.foreignKey || code === sqliteCode.trigger)
    return { kind: "ForeignKeyConstraintViolation", constraint: { foreignKey: {} } };
  if (primary === sqliteCode.busy) return { kind: "SocketTimeout" };
  return { kind: "sqlite", extendedCode: code, message };
}
