// One build of this checkout at a time: a second one waits, and then mostly finds nothing stale.
import { setTimeout as sleep } from "node:timers/promises";

const lookMs = 200;

/**
 * Runs `work` alone. The lock is the kernel's, by SQLite, and goes with its process: a number in a file would outlive
 * a killed build, and in a container the next process has that very number.
 */
export async function alone(lockFile, work, sayWaiting) {
  const { DatabaseSync } = await import("@photostructure/sqlite");
  let lock = take(DatabaseSync, lockFile);
  if (!lock) sayWaiting();
  while (!lock) {
    await sleep(lookMs);
    lock = take(DatabaseSync, lockFile);
  }
  try {
    return await work();
  } finally {
    lock.close();
  }
}

function take(DatabaseSync, lockFile) {
  const lock = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    lock.exec("PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (/locked|busy/i.test(String(error))) return null;
    throw error;
  }
}
