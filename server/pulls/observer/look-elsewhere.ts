import { AppError } from "../../domain/app-error";
import type { Pull, PullFacts } from "../../domain/pull";
import type { Repository } from "../../domain/repository";
import { forgeOfPull, type OnForge } from "../forge-of";
import type { PullDeps } from "../pull-deps";

/** Said of one that a forge answered 404 for. */
export const notThere = "The forge does not know it any more.";

export type Elsewhere = {
  facts: PullFacts[];
  /** Of each that was given, by its id: where it lives; null where it is not asked for, or nobody may be asked. */
  places: Map<string, OnForge | null>;
};

/**
 * Reads those that were linked by hand and are of another repository or forge than the one that is looked at, each by
 * itself: no list shows them. One that fails says nothing of the others, nor of the repository.
 */
export async function lookElsewhere(deps: PullDeps, repository: Repository, rows: readonly Pull[]): Promise<Elsewhere> {
  const found: Elsewhere = { facts: [], places: new Map(rows.map(({ id }) => [id, null])) };
  for (const row of rows) {
    if (row.facts !== null && row.facts.state !== "open") continue;
    const place = await forgeOfPull(deps, repository, row);
    if (place === null) continue;
    try {
      found.facts.push(await place.client.readPull(place.path, place.number));
      found.places.set(row.id, place);
    } catch (error) {
      if (deps.signal.aborted || !AppError.is(error)) throw error;
      const reason = error.code === "not-found" ? notThere : error.message;
      if (row.lookFailure?.reason === reason) continue;
      await deps.pulls.update(row.id, { lookFailure: { reason, at: deps.now() } });
      if (row.sessionId !== null) deps.changes.session(row.sessionId);
    }
  }
  return found;
}
