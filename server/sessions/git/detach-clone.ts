import type { Git } from "./git";

/**
 * No branch of the clone is checked out or kept, so that none is held back from a worktree. An empty clone stays as it
 * is until its first fetch brings a commit. Only for the clone itself, while no session has a branch on it, or by name.
 */
export async function detachClone(git: Git, cwd: string): Promise<void> {
  const branch = await git.try(["symbolic-ref", "--quiet", "HEAD"], { cwd });
  if (branch.code !== 0) return;
  const ref = branch.stdout.trim();
  const head = await git.try(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"], { cwd });
  const target = head.code === 0 ? head.stdout.trim() : await anyRemoteCommit(git, cwd);
  if (target === null) return;
  await git.must(["update-ref", "--no-deref", "HEAD", target], { cwd });
  if (head.code === 0) await git.must(["update-ref", "-d", ref, target], { cwd });
  await git.try(["config", "--remove-section", `branch.${ref.replace(/^refs\/heads\//, "")}`], { cwd });
}

async function anyRemoteCommit(git: Git, cwd: string): Promise<string | null> {
  const refs = await git.must(["for-each-ref", "--count=1", "--format=%(objectname)", "refs/remotes/origin"], { cwd });
  return refs.stdout.trim() || null;
}
