import type { Notification } from "../../domain/notification";
import type { Pull, PullFacts } from "../../domain/pull";
import type { Repository } from "../../domain/repository";
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
  const signature = JSON.stringify([facts.head.sha, names]);
  return [{ kind: "pull-checks-failed", signature, title: `${name}: checks failed`, body: names.join(", ") }];
}

function reviewNews(facts: PullFacts, name: string): News[] {
  return reviewSummary(facts).reviewers.flatMap((reviewer): News[] => {
    const signature = JSON.stringify([reviewer.name, facts.head.sha]);
    if (reviewer.stale) return [];
    if (reviewer.state === "approved")
      return [{ kind: "pull-approved", signature, title: `${name}: approved`, body: `By ${reviewer.name}.` }];
    if (reviewer.state === "changes-requested")
      return [
        {
          kind: "pull-changes-requested",
          signature,
          title: `${name}: changes asked for`,
          body: `By ${reviewer.name}.`,
        },
      ];
    return [];
  });
}

function conflictNews({ mergeability, head, base }: PullFacts, name: string): News[] {
  if (!mergeability.known || mergeability.state !== "conflict") return [];
  const signature = JSON.stringify([head.sha, base.sha]);
  return [{ kind: "pull-conflict", signature, title: `${name}: conflict`, body: `It conflicts with ${base.branch}.` }];
}
