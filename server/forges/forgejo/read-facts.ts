import type { Check, Checks, Fact, PullFacts, Reviewer, Reviews } from "../../domain/pull";
import type { RawBranch, RawComment, RawPull, RawReview, RawStatus } from "./shapes";

/** What only details tell; each may be unknown by itself. */
export type Details = Pick<PullFacts, "checks" | "review" | "mergeability">;

/** Of the list's own entry, with what its details told. */
export function readFacts(raw: RawPull, details: Details): PullFacts {
  return {
    provider: "forgejo",
    providerId: String(raw.id),
    url: raw.html_url,
    repository: raw.base.repo?.full_name ?? "",
    number: raw.number,
    title: raw.title,
    author: raw.user?.login ?? null,
    head: { repository: raw.head.repo?.full_name ?? null, branch: branchOf(raw.head), sha: raw.head.sha },
    base: { branch: raw.base.ref, sha: raw.base.sha },
    draft: raw.draft,
    state: raw.merged ? "merged" : raw.state,
    createdAt: raw.created_at,
    updatedAt: raw.updated_at,
    mergedAt: raw.merged_at,
    mergeSha: raw.merged ? raw.merge_commit_sha : null,
    nativeStack: null,
    autoMerge: false,
    ...details,
  };
}

const branchOf = ({ ref, label }: RawPull["head"]): string => (ref.startsWith("refs/pull/") ? label : ref);

/**
 * `branch` is null where the token may not see its rules: then what is required is not known. The forge's own runner gives
 * addresses without the forge's, which is `url`.
 */
export function readChecks(
  sha: string,
  statuses: RawStatus[],
  { branch, url }: { branch: RawBranch | null; url: string },
): Fact<Checks> {
  const checks = statuses.map((status) => readCheck(status, url));
  return { known: true, sha, checks, requiredMissing: branch && missingOf(branch, checks) };
}

function missingOf({ enable_status_check, status_check_contexts }: RawBranch, checks: Check[]): string[] {
  if (!enable_status_check) return [];
  const patterns = status_check_contexts ?? [];
  // With none named the forge wants every check to pass, and at least one.
  if (patterns.length === 0) {
    const open = checks.filter(({ state }) => state !== "passing" && state !== "neutral").map(({ name }) => name);
    return checks.length === 0 ? ["any check"] : open;
  }
  const passed = checks.filter(({ state }) => state === "passing" || state === "neutral");
  return patterns.filter((pattern) => !passed.some(({ name }) => matches(pattern, name)));
}

/** The forge's patterns: `*` stands for anything. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}

function readCheck({ context, status, target_url: target }: RawStatus, url: string): Check {
  const states: Record<string, Check["state"]> = {
    success: "passing",
    failure: "failing",
    error: "failing",
    warning: "neutral",
    skipped: "neutral",
  };
  const address = target !== "" && URL.canParse(target, url) ? new URL(target, url).href : null;
  return { name: context, state: states[status] ?? "pending", url: address, runId: null };
}

type Around = {
  reviews: RawReview[];
  comments: RawComment[];
  branch: RawBranch | null;
  /** Whether an approval of an older head counts; null where the token may not see the rule. */
  staleCounts: boolean | null;
};

/** The latest word that decides of each; whoever was asked again after it is pending. */
export function readReviews(raw: RawPull, { reviews, comments, branch, staleCounts }: Around): Fact<Reviews> {
  const byKey = new Map<string, Reviewer>();
  for (const review of reviews.toSorted((a, b) => a.submitted_at.getTime() - b.submitted_at.getTime())) {
    const { user, team, dismissed } = review;
    const name = user?.login ?? team?.name;
    if (name === undefined || dismissed) continue;
    const key = user === null ? `team ${name}` : name;
    const state = stateOf(review, branch);
    const isFirst = !byKey.has(key) && name !== raw.user?.login;
    if (state === "pending") byKey.set(key, { name, state, stale: false });
    else if (state !== null && (review.state !== "COMMENT" || isFirst))
      byKey.set(key, { name, state, stale: review.stale, wordId: String(review.id) });
  }
  // Those who answered stay in the forge's list of who was asked.
  for (const { login } of raw.requested_reviewers ?? [])
    if (!byKey.has(login)) byKey.set(login, { name: login, state: "pending", stale: false });
  const reviewers = [...byKey.values()];
  const approvalsMissing = branch && missingApprovals(branch, reviewers, staleCounts);
  return { known: true, reviewers, unresolvedThreads: openThreads(comments), approvalsMissing };
}

/** Null for what is no word of a reviewer: a review that was not sent yet. */
function stateOf({ state, official }: RawReview, branch: RawBranch | null): Reviewer["state"] | null {
  // Where nobody's approval is wanted, older forges call nobody official.
  const decides = official || branch === null || branch.required_approvals === 0;
  switch (state) {
    case "APPROVED":
      return decides ? "approved" : "commented";
    case "REQUEST_CHANGES":
      return decides ? "changes-requested" : "commented";
    case "COMMENT":
      return "commented";
    case "REQUEST_REVIEW":
      return "pending";
    default:
      return null;
  }
}

function missingApprovals(branch: RawBranch, reviewers: Reviewer[], staleCounts: boolean | null): number | null {
  const approvals = reviewers.filter(({ state }) => state === "approved");
  const missing = (count: number) => Math.max(0, branch.required_approvals - count);
  const [all, fresh] = [missing(approvals.length), missing(approvals.filter(({ stale }) => !stale).length)];
  if (staleCounts !== null) return staleCounts ? all : fresh;
  return all === fresh ? all : null;
}

function openThreads(comments: RawComment[]): number {
  const resolved = resolvedThreads(comments);
  return new Set(comments.map(threadOf).filter((thread) => !resolved.has(thread))).size;
}

/** A thread is resolved when one of its comments says so: the forge marks one alone. */
export function resolvedThreads(comments: RawComment[]): Set<string> {
  return new Set(comments.filter(({ resolver }) => resolver !== null).map(threadOf));
}

/** Comments of one review, and answers to them, on one line of one side of one file. */
export const threadOf = ({ pull_request_review_id: review, path, position, original_position }: RawComment): string =>
  `${review}:${path}:${position || -(original_position ?? 0)}`;
