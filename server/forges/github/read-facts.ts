import type { Check, Checks, Fact, Mergeability, PullFacts, Reviewer, Reviews } from "../../domain/pull";
import type { RawBranch, RawContext, RawDetails, RawFacts, RawReview } from "./shapes";

/** What only an open one has; each may be unknown by itself. */
export type Details = Pick<PullFacts, "checks" | "review" | "mergeability">;
/** Why a part of the details is missing from an answer; null where nothing is. */
export type Spoiled = (part: string) => string | null;

export function readFacts(raw: RawFacts, details: Details, nativeStack: PullFacts["nativeStack"]): PullFacts {
  const states = { OPEN: "open", CLOSED: "closed", MERGED: "merged" } as const;
  return {
    provider: "github",
    providerId: raw.fullDatabaseId ?? raw.id,
    url: raw.url,
    repository: raw.baseRepository?.nameWithOwner ?? "",
    number: raw.number,
    title: raw.title,
    author: raw.author?.login ?? null,
    head: { repository: raw.headRepository?.nameWithOwner ?? null, branch: raw.headRefName, sha: raw.headRefOid },
    base: { branch: raw.baseRefName, sha: raw.baseRefOid },
    draft: raw.isDraft,
    state: states[raw.state],
    createdAt: raw.createdAt,
    updatedAt: raw.updatedAt,
    mergedAt: raw.mergedAt,
    mergeSha: raw.state === "MERGED" ? (raw.mergeCommit?.oid ?? null) : null,
    nativeStack,
    autoMerge: raw.autoMergeRequest !== null,
    ...details,
  };
}

export function readDetails(facts: RawFacts, raw: RawDetails, spoiled: Spoiled): Details {
  const branch = spoiled("baseRef") === null ? raw.baseRef : null;
  return {
    checks: readChecks(facts, raw, { branch, spoiled }),
    review: readReviews(facts, raw, { branch, spoiled }),
    mergeability: readMergeability(raw),
  };
}

function readChecks(
  facts: RawFacts,
  raw: RawDetails,
  { branch, spoiled }: { branch: RawBranch | null; spoiled: Spoiled },
): Fact<Checks> {
  const reason = spoiled("statusCheckRollup") ?? spoiled("commits");
  if (reason !== null) return { known: false, reason: `the token may not read checks: ${reason}` };
  const commit = raw.commits?.nodes[0]?.commit;
  if (!commit) return { known: false, reason: "the forge does not tell its commits" };
  const checks = (commit.statusCheckRollup?.contexts.nodes ?? []).map(readCheck);
  const required = branch && requiredIn(branch);
  const passed = new Set(checks.flatMap(({ name, state }) => (isDone(state) ? [name] : [])));
  // A clean merge state says that nothing is missing, also to a token that may not see the rules.
  const wouldMerge = ["CLEAN", "HAS_HOOKS", "UNSTABLE"].includes(raw.mergeStateStatus);
  const missing = required?.filter((name) => !passed.has(name)) ?? null;
  return {
    known: true,
    sha: commit.oid,
    checks,
    requiredMissing: wouldMerge && commit.oid === facts.headRefOid ? [] : missing,
  };
}

const isDone = (state: Check["state"]) => state === "passing" || state === "neutral";

function readCheck(raw: RawContext): Check {
  if (raw.__typename === "StatusContext") {
    const states: Record<string, Check["state"]> = { SUCCESS: "passing", FAILURE: "failing", ERROR: "failing" };
    return { name: raw.context, state: states[raw.state] ?? "pending", url: raw.targetUrl, runId: null };
  }
  const { name, detailsUrl: url, databaseId } = raw;
  return { name, state: runState(raw), url, runId: databaseId === null ? null : String(databaseId) };
}

function runState({ status, conclusion }: { status: string; conclusion: string | null }): Check["state"] {
  if (status !== "COMPLETED") return "pending";
  switch (conclusion) {
    case "SUCCESS":
      return "passing";
    case "NEUTRAL":
    case "SKIPPED":
      return "neutral";
    case "FAILURE":
    case "TIMED_OUT":
    case "CANCELLED":
    case "ACTION_REQUIRED":
    case "STARTUP_FAILURE":
      return "failing";
    default:
      // Stale ones, and what GitHub may yet invent: nobody said that it passed or failed.
      return "pending";
  }
}

/** Of the branch's own protection and of rulesets alike. */
function requiredIn({ refUpdateRule, rules }: RawBranch): string[] {
  const own = (refUpdateRule?.requiredStatusCheckContexts ?? []).filter((name) => name !== null);
  const ruled = (rules?.nodes ?? []).flatMap(({ parameters }) => parameters?.requiredStatusChecks ?? []);
  return [...new Set([...own, ...ruled.map(({ context }) => context)])];
}

function readReviews(
  facts: RawFacts,
  raw: RawDetails,
  { branch, spoiled }: { branch: RawBranch | null; spoiled: Spoiled },
): Fact<Reviews> {
  const { latestOpinionatedReviews: opinions, latestReviews: latest, reviewRequests: requests, reviewThreads } = raw;
  const parts = ["latestOpinionatedReviews", "latestReviews", "reviewRequests", "reviewThreads"];
  const reason = parts.map(spoiled).find((each) => each !== null);
  if (reason || !opinions || !latest || !requests || !reviewThreads)
    return { known: false, reason: `the token may not read reviews: ${reason ?? "the forge gave none"}` };
  if ([opinions, latest, requests].some(({ pageInfo }) => pageInfo.hasNextPage))
    return { known: false, reason: "more reviewers than are read" };
  const byName = new Map<string, Reviewer>();
  const say = ({ id: wordId, author, commit }: RawReview, state: Reviewer["state"]) => {
    if (author === null) return;
    const stale = commit !== null && commit.oid !== facts.headRefOid;
    byName.set(author.login, { name: author.login, state, stale, wordId });
  };
  for (const review of latest.nodes)
    if (review.state === "COMMENTED" && review.author?.login !== facts.author?.login) say(review, "commented");
  for (const review of opinions.nodes) {
    const state = opinionOf(review);
    if (state !== null && (state !== "commented" || !byName.has(review.author?.login ?? ""))) say(review, state);
  }
  // Whoever answered is asked no more: who stands here was asked again.
  for (const { requestedReviewer: asked } of requests.nodes) {
    const name = asked?.login ?? asked?.combinedSlug;
    if (name !== undefined) byName.set(name, { name, state: "pending", stale: false });
  }
  const approvals = opinions.nodes.filter((review) => review.state === "APPROVED" && review.authorCanPushToRepository);
  return {
    known: true,
    reviewers: [...byName.values()],
    unresolvedThreads: reviewThreads.nodes.filter(({ isResolved }) => !isResolved).length,
    approvalsMissing: approvalsMissing(raw, branch, approvals.length),
  };
}

/** Null for one that was dismissed. The forge does not count the word of somebody who may not push. */
function opinionOf({ state, authorCanPushToRepository: counts }: RawReview): Reviewer["state"] | null {
  if (state === "APPROVED") return counts ? "approved" : "commented";
  if (state === "CHANGES_REQUESTED") return counts ? "changes-requested" : "commented";
  return null;
}

/** The forge's own decision first: it knows of code owners and of approvals that do not count. */
function approvalsMissing({ reviewDecision }: RawDetails, branch: RawBranch | null, approvals: number): number | null {
  if (reviewDecision === null || reviewDecision === "APPROVED") return 0;
  const counts = (branch?.rules?.nodes ?? []).map(({ parameters }) => parameters?.requiredApprovingReviewCount ?? 0);
  const wanted = Math.max(branch?.refUpdateRule?.requiredApprovingReviewCount ?? 0, ...counts);
  if (reviewDecision === "REVIEW_REQUIRED") return Math.max(1, wanted - approvals);
  return branch && Math.max(0, wanted - approvals);
}

function readMergeability({ mergeable, mergeStateStatus }: RawDetails): Fact<Mergeability> {
  if (mergeable === "CONFLICTING" || mergeStateStatus === "DIRTY") return { known: true, state: "conflict" };
  if (mergeable !== "MERGEABLE" || mergeStateStatus === "UNKNOWN")
    return { known: false, reason: "the forge is still working it out" };
  const clean = ["CLEAN", "HAS_HOOKS", "UNSTABLE"].includes(mergeStateStatus);
  return { known: true, state: clean ? "clean" : "blocked" };
}
