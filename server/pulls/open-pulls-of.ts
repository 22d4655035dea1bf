import type { PullFacts } from "../domain/pull";
import type { User } from "../domain/user";
import { forgeOf } from "./forge-of";
import type { PullDeps } from "./pull-deps";
import type { OpenPull } from "./pulls";
import { repositoryOf } from "./work-of";

/**
 * The open pull requests of a repository that are known without asking its forge, newest first: those that are followed,
 * and in `seen` the rest of what the last look found.
 */
export async function openPullsOf(
  deps: PullDeps,
  { user, repositoryId }: { user: User; repositoryId: string },
  seen: Iterable<PullFacts>,
): Promise<OpenPull[]> {
  const repository = await repositoryOf(deps, user, repositoryId);
  const place = await forgeOf(deps, repository);
  if (place === null) return [];
  const known = new Map<string, OpenPull>();
  for (const facts of seen) known.set(facts.url, { facts, sessionId: null });
  for (const { facts, sessionId } of await deps.pulls.listByRepository(repositoryId))
    if (facts !== null) known.set(facts.url, { facts, sessionId });
  return [...known.values()]
    .filter(({ facts }) => facts.state === "open" && facts.repository.toLowerCase() === place.path.toLowerCase())
    .sort((a, b) => b.facts.createdAt.getTime() - a.facts.createdAt.getTime());
}
