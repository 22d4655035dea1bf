import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config";
import { AppError } from "../domain/app-error";
import { takeDirectoryLock } from "../kit/directory-lock";
import { Lifecycle } from "../kit/lifecycle";
import type { ComposeOptions } from "./compose-options";
import { readRunningServer, takeDataDirectory } from "./data-directory";
import { openGround } from "./open-ground";

const serverStopMs = 12_000;
const graceMs = 5_000;

/** Ends the server of this data directory, then the holder with all that runs in it. Says what it did on stdout. */
export async function stopAll(config: Config, options: ComposeOptions): Promise<void> {
  await endServer(config.dataDir);
  const lifecycle = new Lifecycle();
  try {
    // With a lease of its own, for the holder takes orders from the newest server only.
    const directory = await takeDataDirectory(config.dataDir, lifecycle);
    const { local } = await openGround(config, options, { directory, lifecycle });
    await local.shutdown(graceMs);
    process.stdout.write("The holder and all that ran in it are ended.\n");
  } finally {
    await lifecycle.close();
  }
}

async function endServer(dataDir: string): Promise<void> {
  const until = Date.now() + serverStopMs;
  for (let told = false; ; ) {
    const running = await readRunningServer(dataDir);
    if (!running) return;
    const release = takeDirectoryLock(dataDir);
    release?.();
    if (release) return;
    // The lock is held, so the process that wrote this is alive, and the pid is its own.
    if (!told) process.kill(running.pid, "SIGTERM");
    if (!told) process.stdout.write(`The server (process ${running.pid}) is told to end.\n`);
    told = true;
    if (Date.now() > until)
      throw new AppError("unavailable", "The server did not end within 12 s: end it, then try again.");
    await sleep(100);
  }
}
