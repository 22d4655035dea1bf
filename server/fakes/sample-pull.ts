import type { Pull, PullFacts } from "../domain/pull";

type Change = Partial<Omit<PullFacts, "head" | "base">> & {
  head?: Partial<PullFacts["head"]>;
  base?: Partial<PullFacts["base"]>;
};

const at = new Date("2026-05-06T07:00:00.000Z");

/** An open pull request of `ada` in `team/app`, green and clean, with nothing asked for and nobody's word. */
export function sampleFacts(number: number, change: Change = {}): PullFacts {
  const { head, base, ...rest } = change;
  const sha = head?.sha ?? `${number}`.repeat(40).slice(0, 40);
  return {
    provider: "forgejo",
    providerId: `id-${number}`,
    url: `https://forge.test/team/app/pulls/${number}`,
    repository: "team/app",
    number,
    title: `Change ${number}`,
    author: "ada",
    head: { repository: "team/app", branch: `topic-${number}`, sha, ...head },
    base: { branch: "main", sha: "0".repeat(40), ...base },
    draft: false,
    state: "open",
    createdAt: new Date(at.getTime() + number * 60_000),
    updatedAt: new Date(at.getTime() + number * 60_000),
    mergedAt: null,
    mergeSha: null,
    checks: {
      known: true,
      sha,
      checks: [{ name: "build", state: "passing", url: null, runId: null }],
      requiredMissing: [],
    },
    review: { known: true, reviewers: [], unresolvedThreads: 0, approvalsMissing: 0 },
    mergeability: { known: true, state: "clean" },
    nativeStack: null,
    autoMerge: false,
    ...rest,
  };
}

/** A followed pull request of those facts; its id is `pull-<number>`. */
export function samplePull(number: number, change: Change = {}, row: Partial<Pull> = {}): Pull {
  const facts = sampleFacts(number, change);
  return {
    id: `pull-${number}`,
    repositoryId: "repository",
    sessionId: "session",
    attributedBy: "branch",
    evidence: null,
    unlinkedFrom: [],
    facts,
    url: facts.url,
    formerBases: [],
    movedFor: null,
    seenAt: facts.updatedAt,
    lookFailure: null,
    createdAt: facts.createdAt,
    ...row,
  };
}
