import { join } from "node:path/posix";
import { type Checkout, findCheckout, inCheckout, inClone, movingRecord, setAsidePlace } from "../loss/checkout";
import { findBranches, type Tip } from "../loss/find-branches";
import { statPath } from "../loss/stat-path";
import { done, type EndingContext, type EndingOutcome } from "./ending-context";
import { mendSubmodules } from "./mend-submodules";
import { moveDirectory, mustRun } from "./move-directory";
import { rescuePrefix } from "./rescue-refs";

/**
 * Takes the worktree out of the clone: its branches, where they are saved or were given up, and git's record of it,
 * which goes into the directory set aside. There it makes a repository that git understands, with what only the record
 * holds: submodules' commits, the reflog, an operation in progress.
 */
export async function forgetWorktree(context: EndingContext): Promise<EndingOutcome> {
  const { deps, session, worktree, host, ending, queue } = context;
  const { signal } = deps;
  // Whoever asks to keep more writes that before looking whether this has begun; one of us sees the other.
  const now = await deps.sessions.get(session.id);
  if (now?.ending?.requestedAt.getTime() !== ending.requestedAt.getTime()) return { kind: "again" };
  return queue.run(async () => {
    const checkout = await findCheckout(host, { session, worktree, signal });
    if (!checkout) return done();
    const { tips, head } = await findBranches(deps, { checkout, session, signal });
    if (checkout.gitDir && head?.branch && head.sha) {
      await checkout.git.must(["update-ref", "--no-deref", "HEAD", head.sha], inCheckout(checkout, signal));
    }
    const fates: Record<BranchFate, string[]> = { removed: [], unsaved: [], "in-use": [] };
    for (const tip of tips) {
      const fate = await removeBranch(context, checkout, tip);
      fates[fate].push(`${tip.branch} (${tip.sha.slice(0, 10)})`);
    }
    const { removed, unsaved } = fates;
    if (worktree && checkout.gitDir)
      await moveRecord(context, checkout, worktree.setAsidePath ?? setAsidePlace(host, session));
    const words = [
      ending.keep === "nothing" && removed.length > 0 ? `Discarded ${removed.join(", ")}.` : null,
      unsaved.length > 0
        ? `These branches stay in the clone, for they are not saved elsewhere: ${unsaved.join(", ")}.`
        : null,
      fates["in-use"].length > 0
        ? `These branches stay in the clone, for another worktree has them checked out: ${fates["in-use"].join(", ")}.`
        : null,
    ].filter((each) => each !== null);
    return done(words.join(" ") || null);
  });
}

type BranchFate = "removed" | "unsaved" | "in-use";

/**
 * Only what is saved, or what its owner gave up; only at the commit that was looked at; and not under the feet of another
 * worktree, whose HEAD would name nothing then.
 */
async function removeBranch(context: EndingContext, checkout: Checkout, { branch, sha }: Tip): Promise<BranchFate> {
  const { deps, session, ending } = context;
  const options = inClone(checkout, deps.signal);
  const held = await checkout.git.must(["for-each-ref", "--format=%(worktreepath)", `refs/heads/${branch}`], options);
  if (held.stdout.trim() !== "") return "in-use";
  if (ending.keep !== "nothing" || context.worktree?.madeAt == null) {
    const glob = `--glob=${rescuePrefix(session.shortId)}/*`;
    const left = await checkout.git.must(["rev-list", "--count", sha, "--not", "--remotes", glob, "--"], options);
    if (Number(left.stdout) > 0) return "unsaved";
  }
  await checkout.git.must(["update-ref", "-d", `refs/heads/${branch}`, sha], options);
  await checkout.git.try(["config", "--remove-section", `branch.${branch}`], options);
  return "removed";
}

/** Each command may be the last before a crash: the next look finds the record in one of its three places. */
async function moveRecord({ deps, host, worktree }: EndingContext, checkout: Checkout, aside: string): Promise<void> {
  const { gitDir, clone } = checkout;
  if (!gitDir || !worktree) return;
  const { signal } = deps;
  const moving = join(aside, movingRecord);
  const place = join(aside, ".git");
  if (checkout.recorded) {
    await mustRun(host, ["mkdir", "-p", "-m", "700", "--", aside]);
    await mustRun(host, ["tee", "--", join(gitDir, "commondir")], new TextEncoder().encode(`${join(clone, ".git")}\n`));
    await moveDirectory(host, { from: gitDir, to: moving });
  }
  if ((await statPath(host, moving, signal)) === "directory") {
    await mustRun(host, ["rm", "-f", "--", place]);
    await moveDirectory(host, { from: moving, to: place });
  }
  await mustRun(host, ["rm", "-f", "--", join(place, "gitdir"), join(place, "locked")]);
  await mendSubmodules(host, { aside, place: worktree.path, clone });
  if (worktree.setAsideAt === null) {
    await deps.worktrees.update(worktree.id, { setAsidePath: aside, setAsideAt: deps.now() });
  }
}
