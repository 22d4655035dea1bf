import { z } from "zod";
import { AppError } from "../domain/app-error";
import type { PrismaClient } from "./generated/sqlite/client";

/** The one type of both clients: SQLite's is the stricter, and PostgreSQL's has the same models. */
export type Database = PrismaClient;

const knownFailure = z.object({ name: z.literal("PrismaClientKnownRequestError"), code: z.string() });

/** By shape, for each of the two generated clients has an error class of its own. */
function hasCode(error: unknown, code: string): boolean {
  const read = knownFailure.safeParse(error);
  return read.success && read.data.code === code;
}

/** A row with the same unique value is there already. */
export const isTaken = (error: unknown): boolean => hasCode(error, "P2002");

/** Rejects with `AppError("conflict")` where a unique value is taken. */
export async function orConflict<T>(write: Promise<T>, message: string): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw isTaken(error) ? new AppError("conflict", message, { cause: error }) : error;
  }
}

/** Rejects with `AppError("not-found")` where the row to write is gone, such as with its repository. */
export async function orNotFound<T>(write: Promise<T>, message: string): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw hasCode(error, "P2025") ? new AppError("not-found", message, { cause: error }) : error;
  }
}
