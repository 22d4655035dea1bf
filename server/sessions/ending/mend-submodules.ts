import { join, relative, resolve } from "node:path/posix";
import type { Host } from "../host";
import { mustRun } from "./move-directory";

/**
 * Submodules know their repository, and it knows them, by path: both are put right after the move, so that git works in
 * them where they are set aside. What points elsewhere is left as it is.
 */
export async function mendSubmodules(
  host: Host,
  { aside, place, clone }: { aside: string; place: string; clone: string },
): Promise<void> {
  const found = await host.run(["find", join(aside, ".git", "modules"), "-type", "f", "-name", "config", "-print0"]);
  const configs = new TextDecoder().decode(found.stdout).split("\0").slice(0, -1);
  for (const config of configs) {
    const read = await host.run(["git", "config", "--file", config, "--get", "core.worktree"]);
    const named = new TextDecoder().decode(read.stdout).trimEnd();
    const gitDir = join(config, "..");
    // As deep as any record of the clone was: after an earlier mending it leads nowhere, and is left alone.
    const record = join(clone, ".git", "worktrees", "record", relative(join(aside, ".git"), gitDir));
    const before = named === "" ? "" : relative(place, resolve(record, named));
    if (before === "" || before.startsWith("..")) continue;
    const directory = join(aside, before);
    const isThere = (await host.run(["test", "-f", join(directory, ".git")])).code === 0;
    const link = new TextEncoder().encode(`gitdir: ${relative(directory, gitDir)}\n`);
    if (isThere) await mustRun(host, ["tee", "--", join(directory, ".git")], link);
    await mustRun(host, ["git", "config", "--file", config, "core.worktree", relative(gitDir, directory)]);
  }
}
