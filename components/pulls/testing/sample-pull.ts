import type { PullView } from "@/server/protocol/pulls";

/** An open pull request of the session, green and clean, with nobody's word. */
export function samplePull(number: number, change: Partial<PullView> = {}): PullView {
  return {
    id: `pull-${number}`,
    url: `https://forge.test/team/app/pulls/${number}`,
    provider: "forgejo",
    repository: "team/app",
    number,
    title: `Change ${number}`,
    author: "ada",
    headRef: `topic-${number}`,
    headSha: "a".repeat(40),
    baseRef: "main",
    draft: false,
    state: "open",
    checks: {
      state: "passing",
      passed: 1,
      pending: 0,
      failing: [],
      all: [{ name: "build", state: "passing", url: null }],
      requiredMissing: [],
    },
    review: { state: "none", reviewers: [], unresolvedThreads: 0 },
    mergeable: "clean",
    autoMerge: false,
    stack: null,
    word: "mergeable",
    attributedBy: "branch",
    evidence: null,
    sessionId: "session",
    seenAt: "2026-05-06T07:00:00.000Z",
    lookFailure: null,
    createdAt: "2026-05-06T07:00:00.000Z",
    mergedAt: null,
    ...change,
  };
}

type Stack = NonNullable<PullView["stack"]>;

/** One that stands on another. */
export function sampleChild(
  number: number,
  on: number,
  { stack, ...change }: Partial<Omit<PullView, "stack">> & { stack?: Partial<Stack> } = {},
): PullView {
  const parentUrl = samplePull(on).url;
  const place: Stack = { position: 2, size: 2, state: "blocked", parentUrl, ...stack };
  return samplePull(number, { baseRef: `topic-${on}`, ...change, stack: place });
}
