import { z } from "zod";
import type { Nudge, NudgeKind, Pull, PullFacts } from "../domain/pull";
import { failingIn, failingSignature } from "./failing-signature";
import type { FailingLog, ReviewComment } from "./forge-client";
import { fenced, tailOf, withoutControls } from "./quoted";
import type { StackPlace } from "./stacks";
import { checksSummary, reviewSummary } from "./summaries";

/** Of one check or kind, until it is green again or a person copied one or put it away. */
const most = 3;
/** Of each failing job's log. */
export const logLimits = { jobs: 3, lines: 200, bytes: 16 * 1024 };
const commentBytes = 4 * 1024;
const commentsAtOnce = 50;
/** In every comment that is posted from here: whoever's account it has, it is our own. */
export const ownMarker = "<!-- posted by trellis -->";

export type DueNudge = { kind: NudgeKind; signature: string };

/** What there is to say of its checks; null while there is nothing new, or it was said often enough. */
export function dueChecks(facts: PullFacts, before: readonly Nudge[]): DueNudge | null {
  const { state, failing } = checksSummary(facts);
  if (facts.state !== "open" || state !== "failing") return null;
  const names = failing.map(({ name }) => name);
  return fresh({ kind: "checks", signature: failingSignature(facts.head.sha, names) }, before);
}

/** A child that waits for its parent would only be rebased twice: it is told nothing. */
export function dueConflict(facts: PullFacts, place: StackPlace | null, before: readonly Nudge[]): DueNudge | null {
  const { mergeability, head, base } = facts;
  if (facts.state !== "open" || place?.isWaiting || !mergeability.known || mergeability.state !== "conflict")
    return null;
  return fresh({ kind: "conflict", signature: JSON.stringify([head.sha, base.sha]) }, before);
}

/** The comments that no nudge spoke of yet, oldest first. */
export function newComments(comments: readonly ReviewComment[], before: readonly Nudge[]): ReviewComment[] {
  const told = new Set(before.flatMap(({ kind, signature }) => (kind === "review" ? idsIn(signature) : [])));
  return comments
    .filter(({ id, resolved, body }) => !resolved && !told.has(id) && !body.includes(ownMarker) && body.trim() !== "")
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .slice(0, commentsAtOnce);
}

export function dueReview(comments: readonly ReviewComment[], before: readonly Nudge[]): DueNudge | null {
  if (comments.length === 0) return null;
  return fresh({ kind: "review", signature: JSON.stringify(comments.map(({ id }) => id).toSorted()) }, before);
}

/** Kinds of which nothing is left to mend: what was said of them counts no more. */
export function settledKinds(facts: PullFacts): NudgeKind[] {
  const { mergeability } = facts;
  const { state, unresolvedThreads } = reviewSummary(facts);
  return [
    ...(checksSummary(facts).state === "passing" ? (["checks"] as const) : []),
    ...(state !== "changes-requested" && unresolvedThreads === 0 ? (["review"] as const) : []),
    ...(mergeability.known && mergeability.state !== "conflict" ? (["conflict"] as const) : []),
  ];
}

/** Those that a person may still send, of all that were written, newest first: of an older head nothing is left to say. */
export function readyNudges(written: readonly Nudge[]): Nudge[] {
  const isNewest = (nudge: Nudge) =>
    written.find(({ pullId, kind }) => pullId === nudge.pullId && kind === nudge.kind) === nudge;
  return written.filter(
    (nudge) => nudge.doneAt === null && nudge.settledAt === null && (nudge.kind === "review" || isNewest(nudge)),
  );
}

export function checksText({ url, facts }: Named, logs: readonly FailingLog[]): string {
  const { failing } = checksSummary(facts);
  const parts = failing.slice(0, logLimits.jobs).map(({ name, url: at }) => {
    const log = logs.find(({ check }) => check === name);
    const where = at === null ? "" : ` (${at})`;
    const said = log ? `\n${fenced(tailOf(withoutControls(log.text), logLimits))}` : "\nIts log could not be read.";
    return `${oneLine(name)}${where}${said}`;
  });
  const more = failing.length - parts.length;
  return [
    `Checks fail on ${url} (${oneLine(facts.title)}), at ${facts.head.sha.slice(0, 12)}. Find out why and mend it.`,
    ...parts,
    ...(more > 0
      ? [
          `${more} more fail: ${failing
            .slice(logLimits.jobs)
            .map(({ name }) => oneLine(name))
            .join(", ")}.`,
        ]
      : []),
  ].join("\n\n");
}

export function reviewText({ url, facts }: Named, comments: readonly ReviewComment[]): string {
  const parts = comments.map(({ author, path, line, body, url: at }) => {
    const place = path === null ? "" : ` on ${oneLine(path)}${line === null ? "" : `:${line}`}`;
    const text = fenced(tailOf(withoutControls(body), { lines: 400, bytes: commentBytes }));
    return `${oneLine(author ?? "Somebody")}${place}${at === null ? "" : ` (${at})`}\n${text}`;
  });
  return [`Reviewers said this of ${url} (${oneLine(facts.title)}). Answer or mend each.`, ...parts].join("\n\n");
}

export function conflictText({ url, facts }: Named): string {
  const { base, head } = facts;
  return `${url} (${oneLine(facts.title)}) conflicts with ${oneLine(base.branch)}. Bring ${oneLine(head.branch)} up to date with it, solve the conflicts, run the tests and push.`;
}

type Named = Pick<Pull, "url"> & { facts: PullFacts };

function fresh(due: DueNudge, before: readonly Nudge[]): DueNudge | null {
  const same = before.filter(({ kind }) => kind === due.kind);
  if (same.some(({ signature }) => signature === due.signature)) return null;
  const counted = same.filter(({ settledAt, doneAt }) => settledAt === null && doneAt === null);
  if (due.kind !== "checks") return counted.length < most ? due : null;
  const now = failingIn(due.signature);
  const ofHead = same.map(({ signature }) => failingIn(signature)).filter(({ sha }) => sha === now.sha);
  // Some of them alone: the others run again, or passed at last.
  if (now.names.every((name) => ofHead.some(({ names }) => names.includes(name)))) return null;
  const said = counted.map(({ signature }) => failingIn(signature).names);
  return now.names.some((name) => said.filter((names) => names.includes(name)).length < most) ? due : null;
}

const idsShape = z.array(z.string());
const idsIn = (signature: string): string[] => idsShape.parse(JSON.parse(signature));

const oneLine = (text: string): string => withoutControls(text).replace(/\s+/g, " ").slice(0, 300);
