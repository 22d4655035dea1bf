import type { Pull, PullFacts } from "../../domain/pull";
import type { PullDeps } from "../pull-deps";

/**
 * A repository that was renamed or transferred takes its pull requests with it, and those that are over are not looked
 * at again: under two names a child would not be found on its parent.
 */
export async function followRename(
  deps: PullDeps,
  rows: readonly Pull[],
  { from, to }: { from: string; to: string },
): Promise<void> {
  for (const { id, facts } of rows)
    if (facts?.repository === from) await deps.pulls.update(id, { facts: renamed(facts, { from, to }) });
}

function renamed(facts: PullFacts, { from, to }: { from: string; to: string }): PullFacts {
  const { head } = facts;
  return { ...facts, repository: to, head: head.repository === from ? { ...head, repository: to } : head };
}
