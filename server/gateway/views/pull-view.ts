import type { Forge } from "../../domain/forge";
import type { Nudge } from "../../domain/pull";
import type { ForgeView, NudgeView, OpenPullView, PullView } from "../../protocol/pulls";
import type { ForgeReading, OpenPull, PullReading } from "../../pulls/pulls";
import { openWord } from "../../pulls/session-status";
import { checksSummary, reviewSummary } from "../../pulls/summaries";

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** The contract's pull request. One that no look has seen is unknown in all that only its forge tells. */
export function pullView({ pull, stack }: PullReading): PullView {
  const { facts } = pull;
  return {
    id: pull.id,
    url: pull.url,
    provider: facts?.provider ?? null,
    repository: facts?.repository ?? null,
    number: facts?.number ?? null,
    title: facts?.title ?? null,
    author: facts?.author ?? null,
    headRef: facts?.head.branch ?? null,
    headSha: facts?.head.sha ?? null,
    baseRef: facts?.base.branch ?? null,
    draft: facts?.draft ?? false,
    state: facts?.state ?? "unknown",
    checks: checksView(pull.facts),
    review: reviewView(facts),
    mergeable: facts?.mergeability.known ? facts.mergeability.state : "unknown",
    autoMerge: facts?.autoMerge ?? false,
    stack: stack && { position: stack.position, size: stack.size, state: stack.state, parentUrl: stack.parentUrl },
    word: facts?.state === "open" ? openWord(facts) : null,
    attributedBy: pull.attributedBy,
    evidence: pull.evidence,
    sessionId: pull.sessionId,
    seenAt: iso(pull.seenAt),
    lookFailure: pull.lookFailure && { reason: pull.lookFailure.reason, at: pull.lookFailure.at.toISOString() },
    createdAt: iso(facts?.createdAt ?? null),
    mergedAt: iso(facts?.mergedAt ?? null),
  };
}

function reviewView(facts: PullReading["pull"]["facts"]): PullView["review"] {
  if (!facts) return { state: "unknown", reviewers: [], unresolvedThreads: null };
  const { reviewers, ...rest } = reviewSummary(facts);
  return { ...rest, reviewers: reviewers.map(({ name, state, stale }) => ({ name, state, stale })) };
}

function checksView(facts: PullReading["pull"]["facts"]): PullView["checks"] {
  if (!facts) return { state: "unknown", passed: 0, pending: 0, failing: [], all: [], requiredMissing: null };
  const all = facts.checks.known ? facts.checks.checks.map(({ name, state, url }) => ({ name, state, url })) : [];
  return { ...checksSummary(facts), all, requiredMissing: facts.checks.known ? facts.checks.requiredMissing : null };
}

export function openPullView({ facts, sessionId }: OpenPull): OpenPullView {
  const { url, number, title, author, head, base, draft, repository } = facts;
  const inFork = head.repository !== repository;
  return { url, number, title, author, draft, sessionId, headRef: head.branch, baseRef: base.branch, inFork };
}

export function nudgeView({ id, pullId, kind, text, createdAt }: Nudge): NudgeView {
  return { id, pullId, kind, text, createdAt: createdAt.toISOString() };
}

export function forgeView({ forge, hookUrl }: ForgeReading): ForgeView {
  const { id, kind, url, account, createdAt } = forge;
  return {
    ...{ id, kind, url, trouble: troubleView(forge), webhookUrl: hookUrl, createdAt: createdAt.toISOString() },
    account: account && { login: account.login, name: account.name },
    missing: account?.missing ?? [],
  };
}

const troubleView = ({ trouble }: Forge): ForgeView["trouble"] =>
  trouble && { reason: trouble.reason, since: trouble.since.toISOString() };
