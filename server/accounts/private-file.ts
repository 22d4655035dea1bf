import { randomBytes } from "node:crypto";
import { link, open, readFile, rm } from "node:fs/promises";

/**
 * What the file holds, made of `make()` where there is none. Only its user may read it, and it is there whole or not
 * at all: of two that make it at the same time, both read the one that was first.
 */
export async function ensurePrivateFile(file: string, make: () => string): Promise<string> {
  const before = await readPrivate(file);
  if (before !== null) return before;
  const draft = `${file}.${randomBytes(6).toString("hex")}.new`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(`${make()}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file).catch(ignore("EEXIST"));
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readPrivate(file);
  if (made === null) throw new Error(`${file} was removed while it was being made`);
  return made;
}

/** Null when there is none. What others may read is closed to them first. */
async function readPrivate(file: string): Promise<string | null> {
  const handle = await open(file, "r").catch(ignore("ENOENT"));
  if (!handle) return null;
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0) await handle.chmod(0o600);
    return (await readFile(handle, "utf8")).trim();
  } finally {
    await handle.close();
  }
}

/** Of what a call may fail with, the one code that is an answer: then it resolves with nothing. */
function ignore(code: string) {
  return (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== code) throw error;
  };
}
