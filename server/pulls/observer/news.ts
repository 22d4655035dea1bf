import type { Notification } from "../../domain/notification";
import type { Pull, PullFacts } from "../../domain/pull";
import type { Repository } from "../../domain/repository";
import { failingIn, failingSignature } from "../failing-signature";
import { checksSummary, reviewSummary } from "../summaries";

type Kind = Extract<Notification["kind"], `pull-${string}`>;
/** `signature` tells one piece of news from the next of its kind: the same is never told twice. */
export type News = { kind: Kind; signature: string; title: string; body: string };

const switchOf = {
  "pull-checks-failed": "checks",
  "pull-checks-passed": "checks",
  "pull-approved": "review",
  "pull-changes-requested": "review",
  "pull-merged": "merged",
  "pull-closed": "closed",
  "pull-conflict": "conflict",
  "pull-merge-refused": "merged",
  "pull-done": "merged",
} as const satisfies Record<Kind, keyof Repository["settings"]["notify"]>;

/** What a person may want to hear of one pull request as it is now, whether it was told or not. */
export function newsOf(pull: Pull & { facts: PullFacts }): News[] {
  const { facts } = pull;
  const name = `#${facts.number} ${facts.title}`;
  if (facts.state === "merged")
    return [{ kind: "pull-merged", signature: "merged", title: `${name}: merged`, body: `Into ${facts.base.branch}.` }];
  if (facts.state === "closed") {
    // Not when it last moved: a comment on a closed one closes nothing.
    return [
      {
        kind: "pull-closed",
        signature: facts.head.sha,
        title: `${name}: closed`,
        body: "It was closed without a merge.",
      },
    ];
  }
  return [...checksNews(facts, name), ...reviewNews(facts, name), ...conflictNews(facts, name)];
}

export const isWanted = ({ kind }: Pick<News, "kind">, { settings }: Repository): boolean =>
  settings.notify[switchOf[kind]];

/** The same was told before; or, of checks, the same head with all that fail now: one that runs again is no news. */
export function isOld({ kind, signature }: News, told: readonly string[]): boolean {
  if (kind !== "pull-checks-failed") return told.includes(signature);
  const now = failingIn(signature);
  const named = new Set(told.map(failingIn).flatMap(({ sha, names }) => (sha === now.sha ? names : [])));
  return now.names.every((name) => named.has(name));
}

function checksNews(facts: PullFacts, name: string): News[] {
  const { state, passed, failing } = checksSummary(facts);
  if (state === "passing")
    return [
      {
        kind: "pull-checks-passed",
        signature: facts.head.sha,
        title: `${name}: checks passed`,
        body: `${passed} passed.`,
      },
    ];
  if (state !== "failing") return [];
  const names = failing.map((check) => check.name).toSorted();
  const signature = failingSignature(facts.head.sha, names);
  return [{ kind: "pull-checks-failed", signature, title: `${name}: checks failed`, body: names.join(", ") }];
}

function reviewNews(facts: PullFacts, name: string): News[] {
  return reviewSummary(facts).reviewers.flatMap((reviewer): News[] => {
    // A word stands over pushes: it is told once, whichever head it is of.
    const signature = JSON.stringify([reviewer.name, reviewer.wordId]);
    const body = `By ${reviewer.name}${reviewer.stale ? ", of an older head" : ""}.`;
    if (reviewer.state === "approved") return [{ kind: "pull-approved", signature, title: `${name}: approved`, body }];
    if (reviewer.state === "changes-requested")
      return [{ kind: "pull-changes-requested", signature, title: `${name}: changes asked for`, body }];
    return [];
  });
}

function conflictNews({ mergeability, head, base }: PullFacts, name: string): News[] {
  if (!mergeability.known || mergeability.state !== "conflict") return [];
  // Not the base's sha: that moves with every push to it, and the conflict is the same.
  return [
    {
      kind: "pull-conflict",
      signature: head.sha,
      title: `${name}: conflict`,
      body: `It conflicts with ${base.branch}.`,
    },
  ];
}
