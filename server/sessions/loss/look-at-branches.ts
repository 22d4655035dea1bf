import type { BranchLoss } from "../../domain/loss";
import type { Session } from "../../domain/session";
import type { SessionDeps } from "../session-deps";
import { type Checkout, inClone } from "./checkout";
import { findBranches } from "./find-branches";

const maxCommits = 200;

/** Every branch of the session, and a detached HEAD, with its commits that no remote had when it was last heard of. */
export async function lookAtBranches(
  deps: SessionDeps,
  { checkout, session, signal }: { checkout: Checkout; session: Session; signal: AbortSignal },
): Promise<BranchLoss[]> {
  const { tips, head } = await findBranches(deps, { checkout, session, signal });
  const detached = head?.branch === null && head.sha ? [{ branch: null, sha: head.sha }] : [];
  const losses: BranchLoss[] = [];
  for (const { branch, sha } of [...detached, ...tips]) {
    losses.push({ branch, head: sha, commitsOnNoRemote: await commitsOnNoRemote(checkout, sha, signal) });
  }
  return losses;
}

async function commitsOnNoRemote(
  checkout: Checkout,
  tip: string,
  signal: AbortSignal,
): Promise<BranchLoss["commitsOnNoRemote"]> {
  const beyond = [tip, "--not", "--remotes", "--"];
  const counted = await checkout.git.must(["rev-list", "--count", ...beyond], inClone(checkout, signal));
  const listed = await checkout.git.must(
    ["log", `--max-count=${maxCommits}`, "-z", "--no-show-signature", "--format=%H %s", ...beyond],
    inClone(checkout, signal),
  );
  const commits = listed.stdout
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => ({ sha: record.slice(0, record.indexOf(" ")), subject: record.slice(record.indexOf(" ") + 1) }));
  return { count: Number(counted.stdout), commits };
}
