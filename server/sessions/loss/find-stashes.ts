import type { Session } from "../../domain/session";
import type { SessionDeps } from "../session-deps";
import { type Checkout, inClone } from "./checkout";
import { findBranches } from "./find-branches";
import { sessionStashes } from "./stash-branch";

/** Stashes of this session and those that could be anyone's; read only, for `refs/stash` is never touched. */
export async function findStashes(
  deps: SessionDeps,
  { checkout, session, signal }: { checkout: Checkout; session: Session; signal: AbortSignal },
): Promise<ReturnType<typeof sessionStashes>> {
  const listed = await checkout.git.must(["stash", "list", "-z", "--format=%H%n%gs"], inClone(checkout, signal));
  const stashes = listed.stdout
    .split("\0")
    .filter((record) => record !== "")
    .map((record) => ({ sha: record.slice(0, record.indexOf("\n")), message: record.slice(record.indexOf("\n") + 1) }));
  if (stashes.length === 0) return [];
  const { tips } = await findBranches(deps, { checkout, session, signal });
  const worktrees = await deps.worktrees.listByRepository(session.repositoryId);
  const others = worktrees.filter((each) => each.branch !== session.branch).map(({ branch }) => branch);
  return sessionStashes(stashes, { own: [session.branch, ...tips.map(({ branch }) => branch)], others });
}
