// One build of this checkout at a time: a second one waits, and then mostly finds nothing stale.
import { readFile, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const lookMs = 200;

/** Runs `work` alone. A lock whose process is dead is nobody's. */
export async function alone(lockFile, work, sayWaiting) {
  for (let said = false; !(await take(lockFile)); said = true) {
    if (!said) sayWaiting();
    await sleep(lookMs);
  }
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function take(lockFile) {
  try {
    await writeFile(lockFile, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  }
  const pid = Number(await readFile(lockFile, "utf8").catch(() => ""));
  // Empty for the moment between its making and its writing.
  if (pid > 0 && !isAlive(pid)) await rm(lockFile, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
