import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Log } from "../../kit/log";
import { openStore, type Store } from "../open-store";

export const migrationsDir = path.resolve(import.meta.dirname, "../../../prisma/migrations");
export const testKey = Buffer.alloc(32, 7);

const unexpected = (message: string, fields?: Record<string, unknown>): never => {
  throw new Error(`unexpected log: ${message} ${JSON.stringify(fields)}`);
};

/** Nothing that a store does in a test is worth a person's look. */
export const quietLog: Log = {
  debug: () => {},
  info: () => {},
  warn: unexpected,
  error: unexpected,
  child: () => quietLog,
};

export type TestStore = Store & { clock: { at: Date } };

/** A store as the program opens it, with a clock that the test owns. */
export async function openTestStore(url: string): Promise<TestStore> {
  const clock = { at: new Date("2026-05-06T07:08:09.123Z") };
  const options = { url, secretKey: testKey, migrationsDir, log: quietLog, now: () => clock.at };
  return { ...(await openStore(options)), clock };
}

export function temporaryDirectory(): { directory: string; remove(): void } {
  const directory = mkdtempSync(path.join(tmpdir(), "trellis-store-"));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
