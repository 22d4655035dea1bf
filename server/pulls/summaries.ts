import type { PullFacts, Reviewer } from "../domain/pull";

export type ChecksSummary = {
  state: "none" | "pending" | "passing" | "failing" | "unknown";
  passed: number;
  pending: number;
  failing: { name: string; url: string | null }[];
};

export type ReviewSummary = {
  state: "none" | "pending" | "changes-requested" | "approved" | "unknown";
  reviewers: Reviewer[];
  unresolvedThreads: number | null;
};

/** Skipped and neutral runs are neither passed nor failing: only they is as if none ran. */
export function checksSummary({ checks, head }: PullFacts): ChecksSummary {
  const nothing = { passed: 0, pending: 0, failing: [] };
  // What ran on another head says nothing about this one.
  if (!checks.known || checks.sha !== head.sha) return { state: "unknown", ...nothing };
  const failing = checks.checks.filter(({ state }) => state === "failing").map(({ name, url }) => ({ name, url }));
  const count = (wanted: string) => checks.checks.filter(({ state }) => state === wanted).length;
  const [passed, pending] = [count("passing"), count("pending")];
  const state = failing.length > 0 ? "failing" : pending > 0 ? "pending" : passed > 0 ? "passing" : "none";
  return { state, passed, pending, failing };
}

export function reviewSummary({ review }: PullFacts): ReviewSummary {
  if (!review.known) return { state: "unknown", reviewers: [], unresolvedThreads: null };
  const { reviewers, unresolvedThreads } = review;
  const has = (state: Reviewer["state"]) => reviewers.some((reviewer) => reviewer.state === state);
  const missing = (review.approvalsMissing ?? 0) > 0;
  const state = has("changes-requested")
    ? "changes-requested"
    : has("pending") || missing
      ? "pending"
      : has("approved")
        ? "approved"
        : "none";
  return { state, reviewers, unresolvedThreads };
}
