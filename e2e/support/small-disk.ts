import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";

export type SmallDisk = { place: string; readOnly(): void; remove(): void };

/** A file system of its own in memory; or why this machine gives none. */
export function mountSmallDisk(sizeMiB: number): SmallDisk | { reason: string } {
  const place = mkdtempSync(path.join(os.tmpdir(), "trellis-disk-"));
  const mount = (...args: string[]) => execFileSync("mount", args, { stdio: ["ignore", "ignore", "pipe"] });
  try {
    mount("-t", "tmpfs", "-o", `size=${sizeMiB}m,mode=0700`, "tmpfs", place);
  } catch (error) {
    rmSync(place, { recursive: true, force: true });
    return { reason: `a tmpfs cannot be mounted here: ${String(error).slice(0, 200)}` };
  }
  return {
    place,
    readOnly: () => mount("-o", "remount,ro", place),
    remove() {
      execFileSync("umount", ["--lazy", place]);
      rmSync(place, { recursive: true, force: true });
    },
  };
}
