import type { CreationContext } from "./creation-context";
import type { Base } from "./find-base";

/** Where the branch of an adopted pull request stands on the remote, as it was last heard of. */
export const adoptedRef = (branch: string): string => `refs/remotes/origin/${branch}`;

/** The commit where an adopted branch left its base, for its commits are those behind it. */
export async function findAdopted({
  session,
  git,
  queue,
}: Pick<CreationContext, "session" | "git" | "queue">): Promise<Base> {
  const cwd = queue.path;
  const { branch, baseBranch } = session;
  const name = await git.try(["check-ref-format", "--branch", branch], { cwd });
  if (name.code !== 0) return { state: "missing", reason: `git does not take \`${branch}\` for the name of a branch.` };
  const tip = await git.try(["rev-parse", "--verify", "--quiet", `${adoptedRef(branch)}^{commit}`], { cwd });
  if (tip.code !== 0)
    return {
      state: "missing",
      reason: `The remote has no branch \`${branch}\`: it may have been deleted after the pull request was merged or closed. Restore it on the forge and retry, or begin a session off the default branch.`,
    };
  const left =
    baseBranch === null ? null : await git.try(["merge-base", tip.stdout.trim(), adoptedRef(baseBranch)], { cwd });
  return { state: "found", sha: left?.code === 0 ? left.stdout.trim() : tip.stdout.trim(), branch: baseBranch };
}
