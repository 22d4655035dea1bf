import { z } from "zod";
import { AppError } from "../../domain/app-error";
import type { PrismaClient } from "../generated/sqlite/client";
import { sqliteCode } from "./sqlite-failure";

/** As Prisma hands on what its adapter threw. */
const diskIsFull = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ extendedCode: z.literal(sqliteCode.full) }) }) }),
});

/** A full disk is for the person to mend, and passes: every write that meets it is refused in words. */
export function tellFullDisk(client: PrismaClient): PrismaClient {
  const told = client.$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args);
        } catch (error) {
          if (!diskIsFull.safeParse(error).success) throw error;
          const words = "The disk that holds the database is full: make room, then try again.";
          throw new AppError("unavailable", words, { cause: error });
        }
      },
    },
  });
  // The extension adds no member: the type that Prisma makes of it differs in name only.
  return told as unknown as PrismaClient;
}
