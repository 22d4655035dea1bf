import type { Session, Worktree } from "../../domain/session";
import type { SessionDeps } from "../session-deps";
import { type Checkout, inCheckout, inClone } from "./checkout";
import { branchesInReflog, parseWorktrees, sessionBranches } from "./session-branches";

export type Tip = { branch: string; sha: string };

/** HEAD of the checkout: null where git has no record of it, `sha` null on a branch that has no commit yet. */
export type Head = { branch: string | null; sha: string | null };

/** The session's branches in the clone with their tips, and HEAD. */
export async function findBranches(
  deps: SessionDeps,
  { checkout, session, signal }: { checkout: Checkout; session: Session; signal: AbortSignal },
): Promise<{ tips: Tip[]; head: Head | null }> {
  const { git } = checkout;
  const listed = await git.must(["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/"], {
    ...inClone(checkout, signal),
  });
  const all = listed.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => ({ sha: line.slice(0, line.indexOf(" ")), branch: line.slice(line.indexOf(" ") + 1 + 11) }));
  const head = await findHead(checkout, signal);
  const worktrees = await deps.worktrees.listByRepository(session.repositoryId);
  const own = worktrees.find((worktree) => worktree.sessionId === session.id);
  const names = sessionBranches({
    own: session.branch,
    isAdopted: session.adoptedFrom !== null,
    branches: all.map(({ branch }) => branch),
    others: worktrees
      .filter((each) => isOther(each, own) && each.branch !== session.branch)
      .map(({ branch }) => branch),
    elsewhere: await checkedOutElsewhere(checkout, signal),
    checkedOutHere: [...(head?.branch ? [head.branch] : []), ...(await reflogOf(checkout, signal))],
  });
  return { tips: all.filter(({ branch }) => names.includes(branch)), head };
}

/** A worktree set aside belongs to a session that is over, and its branches went with it. */
const isOther = (worktree: Worktree, own: Worktree | undefined): boolean =>
  worktree.id !== own?.id && worktree.setAsideAt === null;

export async function findHead(checkout: Checkout, signal: AbortSignal): Promise<Head | null> {
  if (!checkout.gitDir) return null;
  const options = inCheckout(checkout, signal);
  const named = await checkout.git.try(["symbolic-ref", "--quiet", "HEAD"], options);
  if (named.code !== 0 && named.code !== 1) throw new Error(`HEAD cannot be read: ${named.stderr.trim()}`);
  const at = await checkout.git.try(["rev-parse", "--quiet", "--verify", "HEAD^{commit}"], options);
  const branch = named.code === 0 ? named.stdout.trim().replace(/^refs\/heads\//, "") : null;
  if (at.code !== 0 && branch === null) throw new Error(`HEAD cannot be read: ${at.stderr.trim() || "it is broken"}`);
  return { branch, sha: at.code === 0 ? at.stdout.trim() : null };
}

async function reflogOf(checkout: Checkout, signal: AbortSignal): Promise<string[]> {
  if (!checkout.gitDir) return [];
  // A broken or missing reflog names no branch: such a branch stays in the clone, for only named ones are removed.
  const log = await checkout.git.try(
    ["log", "-g", "--max-count=2000", "--format=%gs", "HEAD", "--"],
    inCheckout(checkout, signal),
  );
  return branchesInReflog(log.stdout.split("\n"));
}

async function checkedOutElsewhere(checkout: Checkout, signal: AbortSignal): Promise<string[]> {
  const { git, gitDir, clone } = checkout;
  const listed = await git.must(["worktree", "list", "--porcelain", "-z"], inClone(checkout, signal));
  const here = gitDir ? await ownPath(checkout, signal) : null;
  return parseWorktrees(listed.stdout).flatMap(({ path, branch }) =>
    branch !== null && path !== here && path !== clone ? [branch] : [],
  );
}

/** As git lists this worktree: where its record says that it is, which is not where it was moved to. */
async function ownPath({ host, gitDir }: Checkout, signal: AbortSignal): Promise<string | null> {
  const read = await host.run(["cat", "--", `${gitDir}/gitdir`], { signal });
  if (read.code !== 0) return null; // its record was moved out of the clone: git lists it no more
  return new TextDecoder()
    .decode(read.stdout)
    .trimEnd()
    .replace(/\/\.git$/, "");
}
