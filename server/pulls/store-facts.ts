import type { Pull, PullFacts } from "../domain/pull";
import type { PullDeps } from "./pull-deps";
import { seenNow } from "./seen-now";

/** What the forge answered to an act on one that is followed. */
export async function storeFacts(deps: PullDeps, pull: Pull, facts: PullFacts): Promise<Pull> {
  const stored = await deps.pulls.update(pull.id, seenNow(pull, facts, deps.now()));
  if (stored.sessionId !== null) deps.changes.session(stored.sessionId);
  return stored;
}
