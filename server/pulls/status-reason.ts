import { assertNever } from "../domain/assert-never";
import type { PullFacts } from "../domain/pull";
import { withoutControls } from "./quoted";
import type { OpenWord } from "./status-words";
import { checksSummary, reviewSummary } from "./summaries";

/** What is said of one pull request, and of several of which the same is to be said. */
type Phrase = { one: (name: string) => string; many: (names: string) => string };

const mostPhrases = 3;
const mostPulls = 4;
const mostNames = 3;
const nameLength = 40;

/** Why a session has its word, in words, from the pull requests that give it: bounded, however many and long they are. */
export function statusReason(word: OpenWord | "merged", pulls: readonly PullFacts[]): string {
  const groups = new Map<string, { phrase: Phrase; names: string[] }>();
  for (const facts of pulls.toSorted((a, b) => a.number - b.number)) {
    const phrase = phraseOf(word, facts);
    const group = groups.get(phrase.one("")) ?? { phrase, names: [] };
    group.names.push(`#${facts.number}`);
    groups.set(phrase.one(""), group);
  }
  const all = [...groups.values()];
  const told = all.slice(0, mostPhrases).map(({ phrase, names }) => {
    const list = listed(names, mostPulls);
    return names.length === 1 ? phrase.one(list) : phrase.many(list);
  });
  const rest = all.slice(mostPhrases).flatMap(({ names }) => names).length;
  return [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join("; ");
}

function phraseOf(word: OpenWord | "merged", facts: PullFacts): Phrase {
  switch (word) {
    case "ci_failed": {
      const failing = bounded(checksSummary(facts).failing.map(({ name }) => short(name))).join(", ");
      return same((names) => `CI fails on ${names}: ${failing}`);
    }
    case "changes_requested": {
      const who = reviewersOf(facts, "changes-requested");
      return same((names) => `${who === "" ? "A reviewer" : who} asked for changes on ${names}`);
    }
    case "draft":
      return { one: (name) => `${name} is a draft`, many: (names) => `${names} are drafts` };
    case "review_pending":
      return reviewPhrase(facts);
    case "mergeable":
      return same((names) => `${names} can be merged`);
    case "approved": {
      const who = reviewersOf(facts, "approved");
      const [by, missing] = [who === "" ? "" : ` by ${who}`, stillMissing(facts)];
      return verb((names, is) => `${names} ${is} approved${by}${missing}`);
    }
    case "pr_open":
      return verb((names, is) => `${names} ${is} open${stillMissing(facts)}`);
    case "merged":
      return verb((names, is) => `${names} ${is} merged: the session can be ended`);
    default:
      return assertNever(word);
  }
}

function reviewPhrase(facts: PullFacts): Phrase {
  const { state, unresolvedThreads } = reviewSummary(facts);
  const threads = unresolvedThreads ?? 0;
  const unresolved = `${threads} unresolved ${threads === 1 ? "thread" : "threads"}`;
  if (state !== "pending")
    return { one: (name) => `${name} has ${unresolved}`, many: (names) => `${names} have ${unresolved} each` };
  const asked = reviewersOf(facts, "pending");
  const what = asked === "" ? "an approval" : `a review by ${asked}`;
  const more = threads === 0 ? "" : `, with ${unresolved}`;
  return { one: (name) => `${name} waits for ${what}${more}`, many: (names) => `${names} wait for ${what}${more}` };
}

/** What keeps it from being called mergeable, as far as it is known; unknown says so. */
function stillMissing(facts: PullFacts): string {
  const { checks, mergeability } = facts;
  const { state, pending } = checksSummary(facts);
  if (mergeability.known && mergeability.state === "conflict") return ": conflicts with the base";
  if (state === "unknown" || !checks.known) return ": what the checks say is unknown";
  if (state === "pending") return `: ${pending} ${pending === 1 ? "check still runs" : "checks still run"}`;
  const required = checks.requiredMissing ?? [];
  if (required.length > 0) return `: required and not passed, ${bounded(required.map(short)).join(", ")}`;
  if (!facts.review.known) return ": what reviewers say is unknown";
  if (facts.review.approvalsMissing === null) return ": whether enough reviewers approved is unknown";
  if (!mergeability.known) return ": whether there is a conflict is unknown";
  if (mergeability.state === "blocked") return ": the forge would refuse to merge now";
  return checks.requiredMissing === null ? ": which checks are required is unknown" : "";
}

function reviewersOf(facts: PullFacts, wanted: "pending" | "approved" | "changes-requested"): string {
  return listed(reviewSummary(facts).reviewers.flatMap(({ name, state }) => (state === wanted ? [short(name)] : [])));
}

const same = (say: (names: string) => string): Phrase => ({ one: say, many: say });
const verb = (say: (names: string, is: string) => string): Phrase => ({
  one: (name) => say(name, "is"),
  many: (names) => say(names, "are"),
});

/** `a`, `a and b`, `a, b and 4 more`. */
function listed(items: readonly string[], most = mostNames): string {
  const shown = bounded(items, most);
  const last = shown.at(-1) ?? "";
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(", ")} and ${last}`;
}

function bounded(items: readonly string[], most = mostNames): string[] {
  return items.length <= most ? [...items] : [...items.slice(0, most), `${items.length - most} more`];
}

/** A stranger's name on one line, that neither turns nor floods the sentence around it. */
function short(name: string): string {
  const letters = [...withoutControls(name).replace(/\s+/g, " ").trim()];
  return letters.length <= nameLength ? letters.join("") : `${letters.slice(0, nameLength - 1).join("")}…`;
}
