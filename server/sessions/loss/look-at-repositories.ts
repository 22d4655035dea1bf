import { join } from "node:path/posix";
import type { Checkout } from "./checkout";
import { type NestedRepository, nestedRepositories } from "./nested-repositories";

type Work = { path: string; reason: string };

/** Beyond it the part is unknown rather than slow. */
const maxRepositories = 200;

/** Submodules and nested repositories that hold work of their own, which no ref of the session's clone can save. */
export async function lookAtRepositories(
  checkout: Checkout,
  signal: AbortSignal,
): Promise<{ submodules: Work[]; nested: Work[] }> {
  const { repositories, unread } = await nestedRepositories(checkout, signal);
  if (unread !== null) throw new Error(`not every directory can be read: ${unread}`);
  if (repositories.length > maxRepositories) {
    throw new Error(`there are ${repositories.length} repositories below the directory: too many to look at each`);
  }
  const work: Record<NestedRepository["kind"], Work[]> = { submodule: [], nested: [] };
  for (const { path, kind } of repositories) {
    const reason = await workIn(checkout, path, signal);
    if (reason) work[kind].push({ path, reason });
  }
  return { submodules: work.submodule, nested: work.nested };
}

/** Null when all of it is on a remote of its own. What cannot be looked at may hold work, and is said to. */
async function workIn({ git, directory }: Checkout, path: string, signal: AbortSignal): Promise<string | null> {
  const at = join(directory ?? "", path);
  const options = {
    cwd: at,
    signal,
    // So that a broken repository is not taken for the one around it.
    env: { GIT_CEILING_DIRECTORIES: join(at, "..") },
  };
  const status = await git.try(
    ["-c", "core.fsmonitor=false", "status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=normal"],
    options,
  );
  if (status.code !== 0) return `it cannot be looked at: ${status.stderr.trim().slice(0, 200)}`;
  const files = status.stdout.split("\0").filter((record) => record !== "").length;
  const head = await git.try(["rev-parse", "--quiet", "--verify", "HEAD"], options);
  const tips = [...(head.code === 0 ? ["HEAD"] : []), "--branches"];
  const counted = await git.must(["rev-list", "--count", ...tips, "--not", "--remotes", "--"], options);
  const stashes = await git.must(["stash", "list", "-z", "--format=%H"], options);
  const commits = Number(counted.stdout);
  const stashed = stashes.stdout.split("\0").filter((record) => record !== "").length;
  const said = [
    files > 0 ? `${files} uncommitted ${files === 1 ? "file" : "files"}` : null,
    commits > 0 ? `${commits} ${commits === 1 ? "commit" : "commits"} on no remote` : null,
    stashed > 0 ? `${stashed} ${stashed === 1 ? "stash" : "stashes"}` : null,
  ].filter((words) => words !== null);
  return said.length > 0 ? said.join(", ") : null;
}
