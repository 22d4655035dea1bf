import { createHash } from "node:crypto";
import { lstat, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The system cuts a longer path off silently (108 bytes on Linux, 104 elsewhere). */
const maxPathBytes = 100;

/**
 * Where the holder of a data directory listens: in it, or, where that path is too long, in a directory of the user's
 * own that is named after it.
 */
export function socketPath(
  dataDir: string,
  { runtimeDir, tempDir, uid }: { runtimeDir: string | null; tempDir: string; uid: number },
): string {
  const hash = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  const places = [
    join(dataDir, "holder", "holder.sock"),
    ...(runtimeDir === null ? [] : [join(runtimeDir, `trellis-${hash}`, "holder.sock")]),
    join(tempDir, `trellis-${uid}-${hash}`, "holder.sock"),
  ];
  const place = places.find((path) => Buffer.byteLength(path) <= maxPathBytes);
  if (!place) throw new Error(`every place for the holder's socket has too long a path, such as ${places.at(-1)}`);
  return place;
}

/** Makes the socket's directory. Refuses one that another user made first: they could answer in the holder's place. */
export async function ensureSocketDirectory(path: string, uid: number): Promise<void> {
  const directory = dirname(path);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const found = await lstat(directory);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new Error(`${directory} must be a directory of yours alone (mode 0700): remove it, then start Trellis again`);
  }
}
