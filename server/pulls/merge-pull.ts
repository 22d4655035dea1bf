import { AppError } from "../domain/app-error";
import type { Pull, PullFacts } from "../domain/pull";
import { forgeOfPull, type OnForge } from "./forge-of";
import type { PullDeps } from "./pull-deps";
import { storeFacts } from "./store-facts";

type Wanted = {
  headSha: string;
  method: "merge" | "squash" | "rebase" | null;
  /** Asked of what the forge says right before: where it does not hold, nothing is done. */
  onlyIf?: (now: PullFacts) => boolean;
};
type Merging = { place: OnForge; pull: Pull; facts: PullFacts };
/** Ids of those that are being merged now: a look leaves alone what is moved for them. */
type Under = { under: Set<string> };

/**
 * Merged by the forge. What stands on it is moved to where it goes before: a forge may close children of a branch that
 * is deleted, and they cannot be opened again. They are moved only once the forge calls it clean, and moved back where
 * it refuses after all; in every other case they are moved when it is merged.
 */
export async function mergePull(deps: PullDeps, merging: Merging & Under, wanted: Wanted): Promise<PullFacts> {
  const { under, pull } = merging;
  under.add(pull.id);
  try {
    return await merged(deps, merging, wanted);
  } finally {
    under.delete(pull.id);
  }
}

async function merged(deps: PullDeps, merging: Merging, { headSha, method, onlyIf }: Wanted): Promise<PullFacts> {
  const { place, pull, facts } = merging;
  const now = await place.client.readPull(place.path, facts.number);
  if (now.head.sha !== headSha) throw new AppError("conflict", `#${now.number} moved meanwhile: look again.`);
  if (onlyIf && !onlyIf(now)) return now;
  const merge = () => place.client.merge(place.path, facts.number, { headSha, method, deleteBranch: false });
  const isClean = now.state === "open" && now.mergeability.known && now.mergeability.state === "clean";
  if (!isClean) {
    const after = await merge();
    await moveChildren(deps, merging);
    await forgetMoves(deps, pull);
    return after;
  }
  try {
    await moveChildren(deps, merging);
    const after = await merge();
    await forgetMoves(deps, pull);
    return after;
  } catch (error) {
    // A forge that broke off may have merged it: the next look sees which.
    const isTold = AppError.is(error) && error.code !== "unavailable";
    if (isTold) await moveBack(deps, await movedFor(deps, pull));
    throw error;
  }
}

/**
 * Ends what a merge began that was not seen to its end: children go back where it did not come, and stay where it did.
 * Both are asked for, for the server may have died between an act of the forge and its being stored.
 */
export async function moveBack(deps: PullDeps, moved: readonly Pull[]): Promise<void> {
  for (const child of moved) {
    const repository = await deps.repositories.get(child.repositoryId);
    const client = repository && (await forgeOfPull(deps, repository, child))?.client;
    const parent = child.movedFor && (await deps.pulls.get(child.movedFor.pullId));
    try {
      if (client && child.facts && parent?.facts) {
        const below = await client.readPull(parent.facts.repository, parent.facts.number);
        const now = await client.readPull(child.facts.repository, child.facts.number);
        const isLeft = below.state !== "merged" && now.state === "open" && now.base.branch === child.movedFor?.to;
        const facts = isLeft ? await client.retarget(now.repository, now.number, child.movedFor?.from ?? "") : now;
        await storeFacts(deps, child, facts);
      }
    } catch (error) {
      if (!AppError.is(error) || error.code === "unavailable") throw error;
      deps.log.warn("a child was not moved back", { pullId: child.id, reason: error.message });
    }
    await deps.pulls.update(child.id, { movedFor: null });
  }
}

async function moveChildren(deps: PullDeps, { place, pull, facts }: Merging): Promise<void> {
  // The forge lands its own stacks whole, and takes no other base for any of them.
  if (facts.nativeStack !== null) return;
  const { repository } = facts;
  const [from, to] = [facts.head.branch, facts.base.branch];
  // What brings the default branch elsewhere, or comes from a fork, is nobody's parent here.
  const defaultBranch = (await deps.repositories.get(pull.repositoryId))?.defaultBranch;
  if (facts.head.repository !== repository || from === defaultBranch) return;
  for (const child of await deps.pulls.listByRepository(pull.repositoryId)) {
    const stands = child.facts?.state === "open" && child.facts.repository === repository;
    if (!stands || child.id === pull.id || child.facts?.base.branch !== from) continue;
    if (child.facts.provider !== facts.provider) continue;
    // Written first: whoever finds it later knows that the move was not a person's.
    const marked = await deps.pulls.update(child.id, { movedFor: { pullId: pull.id, from, to } });
    await storeFacts(deps, marked, await place.client.retarget(place.path, child.facts.number, to));
  }
}

async function forgetMoves(deps: PullDeps, pull: Pull): Promise<void> {
  for (const { id } of await movedFor(deps, pull)) await deps.pulls.update(id, { movedFor: null });
}

async function movedFor(deps: PullDeps, { id, repositoryId }: Pull): Promise<Pull[]> {
  return (await deps.pulls.listByRepository(repositoryId)).filter((row) => row.movedFor?.pullId === id);
}
