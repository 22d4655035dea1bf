import type { CreationContext } from "./creation-context";
import type { WorktreeSeen } from "./worktree-plan";

/** Looks at one worktree, without changing it. */
export async function seeWorktree(
  { deps, host, git, queue }: Pick<CreationContext, "deps" | "host" | "git" | "queue">,
  path: string,
): Promise<WorktreeSeen> {
  const [real, list, directory] = await Promise.all([
    host.run(["realpath", "-m", "--", path], { signal: deps.signal }),
    git.must(["worktree", "list", "--porcelain"], { cwd: queue.path }),
    seeDirectory({ deps, host, git }, path),
  ]);
  const realPath = new TextDecoder().decode(real.stdout).replace(/\n$/, "");
  const lines = list.stdout
    .split("\n\n")
    .find((entry) => entry.startsWith(`worktree ${realPath}\n`))
    ?.split("\n");
  const lock = lines?.find((line) => line === "locked" || line.startsWith("locked "));
  return {
    record: lines === undefined ? null : { lock: lock?.slice("locked ".length) ?? null },
    directory,
  };
}

/** `worktree` only where the directory itself is one, not where it lies inside another. */
export async function seeDirectory(
  { deps, host, git }: Pick<CreationContext, "deps" | "host" | "git">,
  path: string,
): Promise<WorktreeSeen["directory"]> {
  const there = await host.run(["test", "-e", path], { signal: deps.signal });
  if (there.code === 1) return "absent";
  const listing = await host.run(["find", path, "-maxdepth", "1", "-mindepth", "1", "-print", "-quit"], {
    signal: deps.signal,
  });
  if (listing.code !== 0) return "something-else";
  if (listing.stdout.length === 0) return "empty";
  const look = await git.try(["rev-parse", "--show-prefix", "--is-inside-work-tree"], { cwd: path });
  const [prefix, inside] = look.stdout.split("\n");
  return look.code === 0 && prefix === "" && inside === "true" ? "worktree" : "something-else";
}
