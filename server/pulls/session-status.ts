import type { Pull, PullFacts } from "../domain/pull";
import type { StackPlace } from "./stacks";
import { statusReason } from "./status-reason";
import { type OpenWord, openWords } from "./status-words";
import { checksSummary, reviewSummary } from "./summaries";

export type SessionStatus = { status: OpenWord | "merged" | null; reason: string | null };

/** The word of one open pull request: the first that holds. What is pending or unknown is never `mergeable`. */
export function openWord(facts: PullFacts): OpenWord {
  const checks = checksSummary(facts);
  const review = reviewSummary(facts);
  if (checks.state === "failing") return "ci_failed";
  if (review.state === "changes-requested") return "changes_requested";
  if (facts.draft) return "draft";
  if (review.state === "pending" || (review.unresolvedThreads ?? 0) > 0) return "review_pending";
  if (isMergeable(facts)) return "mergeable";
  return review.state === "approved" ? "approved" : "pr_open";
}

function isMergeable(facts: PullFacts): boolean {
  const { mergeability, checks, review } = facts;
  if (!mergeability.known || mergeability.state !== "clean" || !checks.known || !review.known) return false;
  const { state } = checksSummary(facts);
  // Whether enough approved it is not known: then it is not known to be mergeable either.
  if (review.approvalsMissing === null) return false;
  // None is only green after the forge said that none are required.
  return checks.requiredMissing?.length === 0 && (state === "passing" || state === "none");
}

/**
 * What a session's pull requests say together: the worst of the open ones, a child whose parent is open left out unless
 * there are only such. Merged when none is open and one is merged; nothing to say when all were closed.
 */
export function sessionStatus(pulls: readonly Pull[], stacks: ReadonlyMap<string, StackPlace>): SessionStatus {
  const seen = pulls.flatMap(({ id, facts }) => (facts === null ? [] : [{ id, facts }]));
  const open = seen.filter(({ facts }) => facts.state === "open");
  if (open.length === 0) {
    const merged = seen.filter(({ facts }) => facts.state === "merged");
    // One of which nothing is known yet may well be open.
    if (merged.length === 0 || seen.length < pulls.length) return { status: null, reason: null };
    return {
      status: "merged",
      reason: statusReason(
        "merged",
        merged.map(({ facts }) => facts),
      ),
    };
  }
  const standing = open.filter(({ id }) => stacks.get(id)?.isWaiting !== true);
  const counted = (standing.length > 0 ? standing : open).map(({ facts }) => ({ facts, word: openWord(facts) }));
  const status = openWords.find((word) => counted.some((each) => each.word === word)) ?? "pr_open";
  const those = counted.filter((each) => each.word === status).map(({ facts }) => facts);
  return { status, reason: statusReason(status, those) };
}
