import path from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";

/**
 * The right to be the one server on a data directory, or null when another process has it. The kernel frees it at the
 * process's death, however it dies: SQLite's exclusive lock is an `fcntl` lock, which Node offers in no other way.
 */
export function takeDirectoryLock(directory: string): (() => void) | null {
  const database = new DatabaseSync(path.join(directory, "server.lock"), { timeout: 0 });
  try {
    database.exec("PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (/locked|busy/i.test(String(error))) return null;
    throw error;
  }
  return () => database.close();
}
