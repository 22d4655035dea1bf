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

/** `branch` is null where the token may not see its rules: then what is required is not known. */
export function readChecks(sha: string, statuses: RawStatus[], branch: RawBranch | null): Fact<Checks> {
  const checks = statuses.map(readCheck);
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

function readCheck({ context, status, target_url }: RawStatus): Check {
  const states: Record<string, Check["state"]> = {
    success: "passing",
    failure: "failing",
    error: "failing",
    warning: "neutral",
    skipped: "neutral",
  };
  return { name: context, state: states[status] ?? "pending", url: target_url || null, runId: null };
}

/** The latest word that decides of each; whoever was asked again after it is pending. */
export function readReviews(
  raw: RawPull,
  around: { reviews: RawReview[]; comments: RawComment[]; branch: RawBranch | null },
): Fact<Reviews> {
  const { reviews, comments, branch } = around;
  const byName = new Map<string, Reviewer>();
  for (const { user, state, dismissed, stale } of reviews.toSorted(
    (a, b) => a.submitted_at.getTime() - b.submitted_at.getTime(),
  )) {
    if (user === null || dismissed) continue;
    const before = byName.get(user.login);
    if (state === "APPROVED") byName.set(user.login, { name: user.login, state: "approved", stale });
    if (state === "REQUEST_CHANGES") byName.set(user.login, { name: user.login, state: "changes-requested", stale });
    if (state === "REQUEST_REVIEW") byName.set(user.login, { name: user.login, state: "pending", stale: false });
    if (state === "COMMENT" && !before && user.login !== raw.user?.login)
      byName.set(user.login, { name: user.login, state: "commented", stale });
  }
  // Those who answered stay in the forge's list of who was asked.
  for (const { login } of raw.requested_reviewers ?? [])
    if (!byName.has(login)) byName.set(login, { name: login, state: "pending", stale: false });
  const reviewers = [...byName.values()];
  const approvals = reviewers.filter(({ state }) => state === "approved").length;
  const approvalsMissing = branch && Math.max(0, branch.required_approvals - approvals);
  return { known: true, reviewers, unresolvedThreads: openThreads(comments), approvalsMissing };
}

/** Comments on one line of one file are one thread; it is resolved when one of them says so. */
function openThreads(comments: RawComment[]): number {
  const threads = new Map<string, boolean>();
  for (const comment of comments) {
    const key = threadOf(comment);
    threads.set(key, (threads.get(key) ?? false) || comment.resolver !== null);
  }
  return [...threads.values()].filter((resolved) => !resolved).length;
}

export const threadOf = ({ path, position, original_position }: RawComment): string =>
  `${path}:${position || original_position || 0}`;
