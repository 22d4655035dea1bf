import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { HolderCopy } from "./holder-copy";

/**
 * Worktrees name this path for as long as they live, so it is the same for every version: at each start it leads to that
 * version's own copy, which speaks with any holder.
 */
export async function writeCredentialProgram(
  holderDir: string,
  { copy, socket }: { copy: HolderCopy; socket: string },
): Promise<string> {
  const path = join(holderDir, "git-credential");
  const words = [process.execPath, join(copy.directory, "git-credential.mjs"), socket];
  const script = `#!/bin/sh\nexec ${words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ")} "$@"\n`;
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, script, { mode: 0o700 });
  await rename(draft, path);
  return path;
}
