import { randomUUID } from "node:crypto";
import { AppError } from "../../domain/app-error";
import type { Nudge, Pull, PullFacts } from "../../domain/pull";
import type { Repository } from "../../domain/repository";
import type { OnForge } from "../forge-of";
import {
  checksText,
  conflictText,
  type DueNudge,
  dueChecks,
  dueConflict,
  dueReview,
  logLimits,
  newComments,
  reviewText,
  settledKinds,
} from "../nudges";
import type { PullDeps } from "../pull-deps";
import type { StackPlace } from "../stacks";
import { checksSummary, reviewSummary } from "../summaries";
import { isTokenRefusal } from "../token-refusal";

/** Forges tell their times in whole seconds. */
const sameTimeMs = 1_000;

type Owned = Pull & { facts: PullFacts };
type Around = {
  repository: Repository;
  /** Null where its forge cannot be asked now. */
  placeOf(pull: Pull): OnForge | null;
  pulls: readonly Pull[];
  stacks: ReadonlyMap<string, StackPlace>;
  /** When the look began, by the forge's clock. */
  forgeNow: Date;
  /** Of each pull request, what its reviewers had said when its comments were read. */
  memory: { commented: Map<string, string> };
};
type About = Pick<Around, "forgeNow" | "memory"> & {
  place: OnForge;
  pull: Owned;
  stack: StackPlace | null;
  before: Nudge[];
};

/**
 * Writes down what the agent is to hear of each pull request of a session: once for each signature, over all restarts.
 * What the forge does not give (a log, comments) is asked for again at the next look.
 */
export async function makeNudges(deps: PullDeps, around: Around): Promise<void> {
  const { repository, pulls, stacks, placeOf } = around;
  if (repository.settings.nudges === "off") return;
  const owned = pulls.filter((pull): pull is Owned => pull.sessionId !== null && pull.facts?.state === "open");
  const written = await deps.pulls.nudges(owned.map(({ id }) => id));
  for (const pull of owned) {
    const before = written.filter(({ pullId }) => pullId === pull.id);
    await settle(deps, pull, before);
    const place = placeOf(pull);
    if (place === null) continue;
    const about = { ...around, place, pull, stack: stacks.get(pull.id) ?? null, before };
    for (const make of [makeChecks, makeConflict, makeReview]) await make(deps, about).catch(ofOne(deps, pull));
  }
}

/** What the forge refuses to tell of one pull request stands in the way of no other. */
const ofOne =
  (deps: PullDeps, { id }: Owned) =>
  (error: unknown): void => {
    if (!AppError.is(error) || error.code === "unavailable" || isTokenRefusal(error)) throw error;
    deps.log.warn("a message for the agent was not made", { pullId: id, reason: error.message });
  };

async function settle(deps: PullDeps, pull: Owned, before: Nudge[]): Promise<void> {
  const kinds = settledKinds(pull.facts);
  for (const nudge of before) {
    if (nudge.settledAt !== null || !kinds.includes(nudge.kind)) continue;
    nudge.settledAt = deps.now();
    await deps.pulls.updateNudge(nudge.id, { settledAt: nudge.settledAt });
  }
}

async function makeChecks(deps: PullDeps, { place, pull, before }: About): Promise<void> {
  const due = dueChecks(pull.facts, before);
  if (!due || !pull.facts.checks.known) return;
  const names = new Set(checksSummary(pull.facts).failing.map(({ name }) => name));
  const failing = pull.facts.checks.checks.filter(({ name, state }) => state === "failing" && names.has(name));
  const logs = await place.client.failingLogs(pull.facts.repository, failing.slice(0, logLimits.jobs), logLimits);
  await write(deps, pull, { due, text: checksText(pull, logs) });
}

async function makeConflict(deps: PullDeps, { pull, stack, before }: About): Promise<void> {
  const due = dueConflict(pull.facts, stack, before);
  if (due) await write(deps, pull, { due, text: conflictText(pull) });
}

/**
 * Comments cost requests of their own: only where a reviewer said something that asks for an answer, and only when that
 * moved since they were read. The forge's times are compared with the forge's alone; within a second of a move there
 * may be another one with the same time.
 */
async function makeReview(deps: PullDeps, { place, pull, before, forgeNow, memory }: About): Promise<void> {
  const { state, unresolvedThreads } = reviewSummary(pull.facts);
  if (state !== "changes-requested" && (unresolvedThreads ?? 0) === 0) return;
  const { updatedAt, review } = pull.facts;
  const said = JSON.stringify([updatedAt, review]);
  if (memory.commented.get(pull.id) === said) return;
  const comments = newComments(await place.client.comments(pull.facts.repository, pull.facts.number), before);
  const due = dueReview(comments, before);
  if (forgeNow.getTime() - updatedAt.getTime() > sameTimeMs) memory.commented.set(pull.id, said);
  if (due) await write(deps, pull, { due, text: reviewText(pull, comments) });
}

async function write(deps: PullDeps, pull: Owned, { due, text }: { due: DueNudge; text: string }): Promise<void> {
  const nudge = {
    id: randomUUID(),
    pullId: pull.id,
    ...due,
    text,
    createdAt: deps.now(),
    doneAt: null,
    settledAt: null,
  };
  if ((await deps.pulls.addNudge(nudge)) && pull.sessionId !== null) deps.changes.session(pull.sessionId);
}
