import path from "node:path";
import { z } from "zod";
import { AppError } from "../../domain/app-error";
import { readSqliteError, sqliteCode } from "./sqlite-failure";

/** Found by SQLite's own check of a file that it could open. */
export class DamagedDatabase extends Error {}

const fileError = z.object({ code: z.string().regex(/^E[A-Z]+$/), message: z.string() });

/** Why the database in this file cannot be used, and what to do. What nobody foresaw stays as it is. */
export function explainSqlite(file: string, error: unknown): unknown {
  if (AppError.is(error)) return new AppError(error.code, `the database ${file}: ${error.message}`, { cause: error });
  const told = reason(file, error);
  return told === null ? error : new AppError("unavailable", told, { cause: error });
}

function reason(file: string, error: unknown): string | null {
  const directory = path.dirname(file);
  const damaged = (how: string) =>
    `the database ${file} is damaged (${how}): restore it from a backup, or move it away to begin with an empty one. Nothing was changed in it`;
  if (error instanceof DamagedDatabase) return damaged(error.message);
  const failure = readSqliteError(error);
  switch (failure?.primary) {
    case sqliteCode.notADatabase:
    case sqliteCode.corrupt:
      return damaged(failure.message);
    case sqliteCode.readonly:
    case sqliteCode.cannotOpen:
      return cannotWrite(directory, file, failure.message);
    case sqliteCode.busy:
      return `the database ${file} is locked by another program: stop it, and start again`;
    case sqliteCode.full:
      return `the disk of ${directory} is full: make room, and start again`;
    case sqliteCode.ioError:
      return `the database ${file} cannot be read or written (${failure.message}): look at the disk of ${directory}`;
    default:
      return fileReason(file, error);
  }
}

function fileReason(file: string, error: unknown): string | null {
  const read = fileError.safeParse(error);
  if (!read.success) return null;
  const directory = path.dirname(file);
  switch (read.data.code) {
    case "ENOENT":
    case "ENOTDIR":
      return `the directory ${directory} of the database does not exist: make it, or correct DATABASE_URL`;
    case "EISDIR":
      return `${file} is a directory: DATABASE_URL must name a file`;
    case "ENOSPC":
      return `the disk of ${directory} is full: make room, and start again`;
    default:
      return cannotWrite(directory, file, read.data.code);
  }
}

function cannotWrite(directory: string, file: string, how: string): string {
  return `the database ${file} cannot be written (${how}): this user needs the right to write to the file and to the directory ${directory}`;
}
