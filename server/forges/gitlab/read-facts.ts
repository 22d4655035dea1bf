import type { Check, Checks, Fact, Mergeability, PullFacts, Reviewer, Reviews } from "../../domain/pull";
import type { RawJob, RawMergeRequest } from "./shapes";

/** `origin` is that of the forge's pages: jobs are told by their path. */
export function readFacts(raw: RawMergeRequest, origin: string): PullFacts {
  const isOver = raw.state === "closed" || raw.state === "merged";
  const over = { known: false as const, reason: "it is over" };
  return {
    provider: "gitlab",
    providerId: numberIn(raw.id),
    url: raw.webUrl,
    repository: raw.project.fullPath,
    number: Number(raw.iid),
    title: raw.title,
    author: raw.author?.username ?? null,
    head: {
      repository: raw.sourceProject?.fullPath ?? null,
      branch: raw.sourceBranch,
      sha: raw.diffHeadSha ?? "",
    },
    base: { branch: raw.targetBranch, sha: null },
    draft: raw.draft,
    // Locked while it is being merged.
    state: raw.state === "opened" || raw.state === "locked" ? "open" : raw.state,
    createdAt: raw.createdAt,
    updatedAt: raw.updatedAt,
    mergedAt: raw.mergedAt,
    mergeSha: raw.state === "merged" ? raw.mergeCommitSha : null,
    checks: isOver ? over : readChecks(raw, origin),
    review: isOver ? over : readReviews(raw),
    mergeability: isOver ? over : readMergeability(raw),
    nativeStack: null,
    autoMerge: raw.autoMergeEnabled,
  };
}

/** Of a global id: `gid://gitlab/MergeRequest/12`. */
const numberIn = (id: string): string => id.slice(id.lastIndexOf("/") + 1);

function readChecks({ headPipeline, diffHeadSha, detailedMergeStatus }: RawMergeRequest, origin: string): Fact<Checks> {
  if (diffHeadSha === null) return { known: false, reason: "the forge does not tell its commits" };
  if (headPipeline !== null && headPipeline.jobs === null)
    return { known: false, reason: "the token may not read pipelines" };
  const checks = (headPipeline?.jobs?.nodes ?? []).map((job) => readCheck(job, origin));
  const waits = ["CI_MUST_PASS", "CI_STILL_RUNNING", "EXTERNAL_STATUS_CHECKS"].includes(detailedMergeStatus ?? "");
  // Of all that may stand in the way the forge tells one: only when nothing does is nothing missing.
  const requiredMissing = detailedMergeStatus === "MERGEABLE" ? [] : waits ? ["the pipeline"] : null;
  return { known: true, sha: diffHeadSha, checks, requiredMissing };
}

function readCheck({ id, name, status, allowFailure, webPath }: RawJob, origin: string): Check {
  return {
    name: name ?? "a job",
    state: jobState(status, allowFailure),
    url: webPath === null ? null : new URL(webPath, origin).href,
    // Statuses of other systems and triggers of other pipelines have no log.
    runId: id?.includes("Ci::Build/") ? numberIn(id) : null,
  };
}

function jobState(status: string | null, allowFailure: boolean): Check["state"] {
  switch (status) {
    case "SUCCESS":
      return "passing";
    case "FAILED":
    case "CANCELED":
      return allowFailure ? "neutral" : "failing";
    case "SKIPPED":
      return "neutral";
    case "MANUAL":
      return allowFailure ? "neutral" : "pending";
    default:
      return "pending";
  }
}

function readReviews(raw: RawMergeRequest): Fact<Reviews> {
  const { reviewers, approvedBy, resolvableDiscussionsCount: all, resolvedDiscussionsCount: resolved } = raw;
  if (reviewers === null || approvedBy === null || all === null || resolved === null)
    return { known: false, reason: "the token may not read reviews" };
  const byName = new Map<string, Reviewer>();
  for (const { username: name, mergeRequestInteraction } of reviewers.nodes)
    byName.set(name, { name, state: reviewState(mergeRequestInteraction?.reviewState ?? null), stale: false });
  // The forge takes back approvals by itself where it is told to: those that are left count.
  for (const { username: name } of approvedBy.nodes)
    if (byName.get(name)?.state !== "changes-requested") byName.set(name, { name, state: "approved", stale: false });
  const { detailedMergeStatus: status } = raw;
  return {
    known: true,
    reviewers: [...byName.values()],
    unresolvedThreads: Math.max(0, all - resolved),
    approvalsMissing: status === "MERGEABLE" ? 0 : status === "NOT_APPROVED" ? 1 : null,
  };
}

function reviewState(state: string | null): Reviewer["state"] {
  switch (state) {
    case "REQUESTED_CHANGES":
      return "changes-requested";
    case "APPROVED":
      return "approved";
    case "REVIEWED":
      return "commented";
    default:
      return "pending";
  }
}

/**
 * Since the last push the forge has not tested the merge. Of one that conflicted before it the detailed status is still
 * that of then.
 */
export function isUntested({ detailedMergeStatus, mergeStatusEnum }: RawMergeRequest): boolean {
  if (detailedMergeStatus === "PREPARING") return false;
  return [detailedMergeStatus, mergeStatusEnum].some(
    (status) => status === "UNCHECKED" || status === "CHECKING" || status === "CANNOT_BE_MERGED_RECHECK",
  );
}

function readMergeability(raw: RawMergeRequest): Fact<Mergeability> {
  const { conflicts, detailedMergeStatus: status } = raw;
  if (isUntested(raw) || status === null || status === "PREPARING" || status === "APPROVALS_SYNCING")
    return { known: false, reason: "the forge is still working it out" };
  if (status === "CONFLICT" || conflicts) return { known: true, state: "conflict" };
  return { known: true, state: status === "MERGEABLE" ? "clean" : "blocked" };
}
