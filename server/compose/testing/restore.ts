import { copyFile, mkdir, readdir, rename } from "node:fs/promises";
import path from "node:path";
import { backUp } from "../../store/back-up";
import { stopAll } from "../stop-all";
import type { TestGround } from "./open-ground";

/** Database, key and token, while the server runs. Gives the folder. */
export function keepBackup({ config, dataDir, place }: TestGround): Promise<string> {
  const from = { databaseUrl: config().databaseUrl, dataDir, environment: process.env };
  return backUp({ ...from, place: path.join(place, "backups"), now: new Date() });
}

/** What `docs/backup.md` says under "Restoring", with the other folders moved back: the holder's own is among them. */
export async function restore({ config, options, dataDir }: TestGround, backup: string): Promise<void> {
  await stopAll(config(), options);
  await rename(dataDir, `${dataDir}.old`);
  await mkdir(dataDir, { mode: 0o700 });
  for (const name of await readdir(backup)) await copyFile(path.join(backup, name), path.join(dataDir, name));
  for (const entry of await readdir(`${dataDir}.old`, { withFileTypes: true }))
    if (entry.isDirectory()) await rename(path.join(`${dataDir}.old`, entry.name), path.join(dataDir, entry.name));
}
