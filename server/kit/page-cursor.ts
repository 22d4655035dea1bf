import { z } from "zod";
import { AppError } from "../domain/app-error";

/** Where a row stands in a list that is ordered newest first. */
export type PageKey = { createdAt: Date; id: string };

const cursorShape = z.tuple([z.int().min(-8.64e15).max(8.64e15), z.string().min(1)]);

/** Turns rows that were read one beyond `limit` into a page. The cursor is opaque to its readers. */
export function toPage<Row extends PageKey>(rows: Row[], limit: number): { items: Row[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? encodePageCursor(last) : null };
}

/** A cursor names the last row seen, not a count: rows that come in between shift nothing. */
export function encodePageCursor({ createdAt, id }: PageKey): string {
  return Buffer.from(JSON.stringify([createdAt.getTime(), id])).toString("base64url");
}

/** `AppError("invalid")` for what was not made by `encodePageCursor`. */
export function decodePageCursor(cursor: string): PageKey {
  const read = cursorShape.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8")));
  if (!read.success) throw new AppError("invalid", "unknown cursor: leave it out to begin with the newest");
  const [createdAt, id] = read.data;
  return { createdAt: new Date(createdAt), id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not JSON is not a cursor: the shape refuses it
  }
}
