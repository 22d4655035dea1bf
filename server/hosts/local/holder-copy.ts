import { randomBytes } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

export type HolderCopy = { version: string; directory: string };

const draftPrefix = ".copy-";
/** A copy takes seconds: one this old was left by a start that died. */
const draftMs = 60 * 60 * 1000;

/**
 * A copy of the holder's bundle under its version, complete or not there at all, so that a rebuild of the server does
 * not pull the floor from under a running holder. Two starters may do this at once.
 */
export async function copyHolder(bundleDir: string, holderDir: string): Promise<HolderCopy> {
  const version = await readVersion(bundleDir);
  if (version === null) throw new Error(`${bundleDir} holds no holder: run "npm run build"`);
  const directory = join(holderDir, version);
  if ((await readVersion(directory)) === version) return { version, directory };
  const draft = join(holderDir, `${draftPrefix}${process.pid}-${randomBytes(6).toString("hex")}`);
  try {
    await mkdir(draft, { mode: 0o700 });
    await cp(bundleDir, draft, { recursive: true, dereference: true });
    await rename(draft, directory);
  } catch (error) {
    // The other starter was first: its copy is the same.
    if ((await readVersion(directory)) !== version) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { version, directory };
}

/** Removes the copies of other versions, and drafts that a dead start left. Nothing but copies is touched. */
export async function removeOldCopies(holderDir: string, keep: string[]): Promise<string[]> {
  const removed: string[] = [];
  for (const entry of await readdir(holderDir, { withFileTypes: true })) {
    const path = join(holderDir, entry.name);
    if (!entry.isDirectory() || keep.includes(entry.name)) continue;
    const isOld = entry.name.startsWith(draftPrefix)
      ? Date.now() - (await stat(path)).mtimeMs > draftMs
      : (await readVersion(path)) === entry.name;
    if (!isOld) continue;
    await rm(path, { recursive: true, force: true });
    removed.push(entry.name);
  }
  return removed;
}

/** Null where there is no copy. */
async function readVersion(directory: string): Promise<string | null> {
  let version: string;
  try {
    version = (await readFile(join(directory, "version"), "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(version)) throw new Error(`${directory}/version is not a version`);
  return version;
}
