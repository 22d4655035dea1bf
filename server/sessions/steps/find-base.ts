import type { Git } from "../git/git";
import type { CreationContext } from "./creation-context";

/** `branch` is null for a tag or a commit. */
export type Base = { state: "found"; sha: string; branch: string | null } | { state: "missing"; reason: string };

/**
 * Where the session's branch begins: a branch of the remote, a tag, or a commit that is on the remote. A base is a
 * name and is looked up as one: nothing in it is read as git's syntax for revisions.
 */
export async function findBase({
  session,
  repository,
  git,
  queue,
}: Pick<CreationContext, "session" | "repository" | "git" | "queue">): Promise<Base> {
  const cwd = queue.path;
  if (session.baseSha !== null && (await isCommit(git, cwd, session.baseSha)))
    return { state: "found", sha: session.baseSha, branch: session.baseBranch };
  const asked = session.base ?? repository.defaultBranch;
  if (asked !== null) {
    const found = await named(git, cwd, asked);
    if (found) return found;
  }
  if (await isEmpty(git, cwd))
    return {
      state: "missing",
      reason: "This repository has no commits yet, and a branch needs one. Push a first commit, then retry.",
    };
  if (asked === null)
    return {
      state: "missing",
      reason: "The remote names no default branch. Set one in the repository's settings, then retry.",
    };
  return {
    state: "missing",
    reason:
      session.base === null
        ? `The remote has no branch \`${asked}\`. Set another default branch in the repository's settings, then retry.`
        : `The remote has no branch, tag or commit \`${asked}\`. Push it and retry, or begin a session with another base.`,
  };
}

async function named(git: Git, cwd: string, name: string): Promise<Base | null> {
  const first = await git.try(["show-ref", "--verify", "--hash", `refs/remotes/origin/${name}`], { cwd });
  if (first.code === 0 && name !== "HEAD") return { state: "found", sha: first.stdout.trim(), branch: name };
  if ((await git.try(["check-ref-format", `refs/heads/${name}`], { cwd })).code === 0) {
    const branch = name.replace(/^(refs\/(heads|remotes\/origin)|origin)\//, "");
    // `HEAD` is git's own pointer to the default branch, and no branch.
    const sha = branch === "HEAD" ? null : await exact(git, cwd, `refs/remotes/origin/${branch}`);
    if (sha !== null) return { state: "found", sha, branch };
    const tag = await exact(git, cwd, `refs/tags/${name.replace(/^refs\/tags\//, "")}`);
    if (tag !== null) return { state: "found", sha: tag, branch: null };
  }
  if (!/^[0-9a-f]{7,64}$/i.test(name) || !(await isCommit(git, cwd, name))) return null;
  const contains = ["for-each-ref", "--count=1", "--format=%(refname)", `--contains=${name}`];
  const on = await git.try([...contains, "refs/remotes/origin", "refs/tags"], { cwd });
  if (on.code !== 0 || on.stdout.trim() === "") return null;
  const sha = (await git.must(["rev-parse", "--verify", "--quiet", `${name}^{commit}`], { cwd })).stdout.trim();
  return { state: "found", sha, branch: null };
}

/** The commit of a full ref name, a tag peeled. */
async function exact(git: Git, cwd: string, ref: string): Promise<string | null> {
  if ((await git.try(["show-ref", "--verify", "--quiet", ref], { cwd })).code !== 0) return null;
  const commit = await git.try(["rev-parse", "--verify", "--quiet", `${ref}^{commit}`], { cwd });
  return commit.code === 0 ? commit.stdout.trim() : null;
}

async function isCommit(git: Git, cwd: string, sha: string): Promise<boolean> {
  return (await git.try(["rev-parse", "--verify", "--quiet", `${sha}^{commit}`], { cwd })).code === 0;
}

async function isEmpty(git: Git, cwd: string): Promise<boolean> {
  const refs = await git.must(["for-each-ref", "--count=1", "refs/remotes/origin"], { cwd });
  return refs.stdout.trim() === "";
}
