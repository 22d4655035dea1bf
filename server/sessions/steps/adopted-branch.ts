import { type CreationContext, done, failed, type StepOutcome } from "./creation-context";
import { adoptedRef } from "./find-adopted";

/**
 * The clone's own branch of a pull request that is adopted, at the latest of the remote. One that is there already and
 * has commits that the remote lacks is left as it is and told: they may be somebody's only copy.
 */
export async function beginAdopted({ session, git, queue }: CreationContext): Promise<StepOutcome> {
  const cwd = queue.path;
  const ref = `refs/heads/${session.branch}`;
  const latest = (
    await git.must(["rev-parse", "--verify", `${adoptedRef(session.branch)}^{commit}`], { cwd })
  ).stdout.trim();
  return queue.run(async () => {
    const there = await git.try(["rev-parse", "--verify", "--quiet", ref], { cwd });
    if (there.code !== 0) {
      await git.must(["update-ref", ref, latest, ""], { cwd });
      return done();
    }
    const own = there.stdout.trim();
    const held = await git.must(["for-each-ref", "--format=%(worktreepath)", ref], { cwd });
    if (held.stdout.trim() !== "")
      return failed(
        `The branch ${session.branch} is checked out in ${held.stdout.trim()} already, and git lets it be checked out once. Switch to another branch there, then retry.`,
      );
    const ahead = Number((await git.must(["rev-list", "--count", own, `^${latest}`], { cwd })).stdout);
    if (ahead === 0) {
      await git.must(["update-ref", ref, latest, own], { cwd });
      return done();
    }
    const commits = ahead === 1 ? "a commit" : `${ahead} commits`;
    return done(
      `The clone had this branch already, with ${commits} that its remote lacks: it begins there, so that nothing is lost. \`git status\` tells how the two differ.`,
    );
  });
}

/** For `git status`, pull and push, as after a checkout by hand. */
export async function followRemote({ session, git, queue }: CreationContext): Promise<void> {
  const set = (key: string, value: string) => ["config", `branch.${session.branch}.${key}`, value];
  const both = [set("remote", "origin"), set("merge", `refs/heads/${session.branch}`)];
  await queue.run(() => git.mustAll(both, { cwd: queue.path }));
}
