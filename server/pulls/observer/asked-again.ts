import type { Pull, PullFacts } from "../../domain/pull";
import type { ListQuestion, MovedHint } from "../forge-client";
import { checksSummary } from "../summaries";

/** Checks that were not begun within it after a push will not come by themselves. */
const beginningMs = 3_600_000;
const staleMs = 3_600_000;
/** Who runs a failed check again does so soon: each look at one that failed waits for a quarter of the time it rested. */
const failedAgainMs = { least: 60_000, most: staleMs, ofRest: 1 / 4 };

/** The forge's clock as it was told at the last look, and ours: they may differ by hours. */
type Around = { hints: readonly MovedHint[]; now: Date; forgeNow: Date | null };

/**
 * What a list does not show though it moved: checks that run or have not begun, what the forge works out by itself, what
 * a hint names or stands on. A check that runs again on an old head moves nothing: those that failed are asked for at
 * growing pauses, and of the rest the one that was not seen for longest.
 */
export function askedAgain(rows: readonly Pull[], { hints, now, forgeNow: told }: Around): ListQuestion["pending"] {
  const forgeNow = told ?? now;
  const open = rows.flatMap(({ facts, seenAt, lookFailure }) =>
    facts?.state === "open" && lookFailure === null
      ? [{ facts, unseenMs: now.getTime() - (seenAt?.getTime() ?? 0) }]
      : [],
  );
  const wanted = new Set(
    open
      .filter(
        ({ facts, unseenMs }) =>
          isPending(facts, forgeNow) ||
          hints.some((hint) => isMeant(facts, hint)) ||
          (checksSummary(facts).state === "failing" && unseenMs > pauseOf(facts, forgeNow)),
      )
      .map(({ facts }) => facts),
  );
  const [stalest] = open.toSorted((a, b) => b.unseenMs - a.unseenMs);
  if (stalest && stalest.unseenMs > staleMs) wanted.add(stalest.facts);
  return [...wanted].map(({ number, head }) => ({ number, headSha: head.sha }));
}

function isPending(facts: PullFacts, forgeNow: Date): boolean {
  const { state } = checksSummary(facts);
  if (state === "pending" || state === "unknown" || !facts.review.known) return true;
  // Of a draft some forges never tell it; one that is ready has moved.
  if (!facts.mergeability.known && !facts.draft) return true;
  return state === "none" && forgeNow.getTime() - facts.updatedAt.getTime() < beginningMs;
}

function pauseOf({ updatedAt }: PullFacts, forgeNow: Date): number {
  const { least, most, ofRest } = failedAgainMs;
  return Math.min(most, Math.max(least, (forgeNow.getTime() - updatedAt.getTime()) * ofRest));
}

/** A branch that moved is the head of some, and decides for others whether they conflict. */
function isMeant({ number, head, base }: PullFacts, hint: MovedHint): boolean {
  if (hint.number === number || hint.sha === head.sha) return true;
  return hint.branch !== null && (hint.branch === head.branch || hint.branch === base.branch);
}
