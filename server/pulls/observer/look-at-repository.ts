import { AppError } from "../../domain/app-error";
import type { Pull, PullFacts } from "../../domain/pull";
import type { Repository } from "../../domain/repository";
import { backoffMs } from "../../kit/backoff";
import type { TurnOutcome } from "../../kit/loops";
import type { MovedHint, PullList } from "../forge-client";
import { forgeOf, type OnForge } from "../forge-of";
import { moveBack } from "../merge-pull";
import type { PullDeps } from "../pull-deps";
import type { RepositoryLook } from "../pull-store";
import type { WorkingSession } from "../session-work";
import { stacksOf } from "../stacks";
import { askedAgain } from "./asked-again";
import { autoMerge } from "./auto-merge";
import { followRename } from "./follow-rename";
import { lookElsewhere, notThere } from "./look-elsewhere";
import { makeNudges } from "./make-nudges";
import { takeFacts } from "./take-facts";
import { tellNews } from "./tell-news";
import { noteTrouble, settleTrouble } from "./trouble";

/** What is known only while the server runs: without it the next look is a full one. */
export type ObserverMemory = {
  /** All open ones of a repository, by number. */
  open: Map<string, Map<number, PullFacts>>;
  attempts: Map<string, number>;
  /** What deliveries named since the last look that succeeded, and the branches that it saw merged into. */
  hints: Map<string, readonly MovedHint[]>;
  /** Pull requests that are being merged for a person now: what moves for them is on its way. */
  merging: Set<string>;
  /** Of each pull request, what its reviewers had said when its comments were read. */
  commented: Map<string, string>;
};

/** Below this many requests left, looks wait for the forge's hour to be over: a person's own click still gets through. */
const spareRequests = 100;
const longestWaitMs = 3_600_000;

/**
 * One look at a repository on its forge: what moved is stored first, then told. Nothing that fails is a fact about a
 * pull request; it is trouble of the forge or of the repository, and looked at again after a growing pause.
 */
export async function lookAtRepository(deps: PullDeps, id: string, memory: ObserverMemory): Promise<TurnOutcome> {
  const repository = await deps.repositories.get(id);
  const sessions = repository ? await deps.work.sessions(id) : [];
  if (!repository || repository.deletingAt !== null || sessions.length === 0) return "rest";
  const place = await forgeOf(deps, repository);
  if (place === null) return "rest";
  const waitMs = waitForBudget(deps, place);
  if (waitMs > 0) return { waitMs };
  const last = await deps.pulls.look(id);
  try {
    const isRenamed = await look(deps, { repository, sessions, place, memory, last });
    memory.attempts.delete(id);
    await settleTrouble(deps, { place, id, last });
    return isRenamed ? "again" : { waitMs: deps.pollMs * (0.9 + Math.random() / 5) };
  } catch (error) {
    if (deps.signal.aborted || !AppError.is(error)) throw error;
    const attempt = memory.attempts.get(id) ?? 0;
    memory.attempts.set(id, attempt + 1);
    await noteTrouble(deps, { place, id, last, error });
    return { waitMs: Math.max(waitForBudget(deps, place), backoffMs(attempt + 3, 900_000)) };
  }
}

type Look = {
  repository: Repository;
  sessions: WorkingSession[];
  place: OnForge;
  memory: ObserverMemory;
  last: RepositoryLook;
};

/** True where the forge calls the repository by another name now: all its open ones have another address. */
async function look(deps: PullDeps, { repository, sessions, place, memory, last }: Look): Promise<boolean> {
  const { id } = repository;
  await storeMade(deps, sessions);
  const pathBefore = last.path ?? place.path;
  const all = await deps.pulls.listByRepository(id);
  const before = new Map(all.map((row) => [row.id, fingerprint(row)]));
  // One of another repository may be linked by hand: its number says nothing here.
  const isHere = ({ facts }: Pull) => facts?.repository === pathBefore && facts.provider === place.forge.kind;
  const rows = all.filter(isHere);
  const moved = all.filter(({ movedFor }) => movedFor !== null && !memory.merging.has(movedFor.pullId));
  await moveBack(deps, moved);
  const known = memory.open.get(id);
  const hints = memory.hints.get(id) ?? [];
  const forgeNow = last.cursor === null ? null : new Date(last.cursor);
  const pending = askedAgain(rows, { hints, now: deps.now(), forgeNow });
  const list = await place.client.listPulls(place.path, { cursor: last.cursor, full: known === undefined, pending });
  const path = list.pulls.find(({ repository: name }) => name !== "")?.repository ?? pathBefore;
  const open = openNow(known, list);
  const gone = await lookAtGone(place, { rows, list, asked: pending });
  if (path !== pathBefore) await followRename(deps, rows, { from: pathBefore, to: path });
  const elsewhere = await lookElsewhere(
    deps,
    repository,
    all.filter((row) => !isHere(row)),
  );
  const looked = { repositoryId: id, path, login: place.forge.account?.login ?? null, sessions };
  const pulls = await takeFacts(deps, {
    ...looked,
    ...{ facts: [...list.pulls, ...gone.found], elsewhere: elsewhere.facts, open: [...open.values()] },
  });
  for (const pullId of gone.missing)
    await deps.pulls.update(pullId, { lookFailure: { reason: notThere, at: deps.now() } });
  if (path === pathBefore) memory.open.set(id, open);
  else memory.open.delete(id);
  await deps.pulls.setLook(id, { cursor: list.cursor, path });
  // What came while it looked is of the next look.
  const later = (memory.hints.get(id) ?? []).filter((hint) => !hints.includes(hint));
  memory.hints.set(id, [...later, ...mergedInto(list.pulls)]);
  const stacks = stacksOf(pulls, () => repository.defaultBranch);
  tellChanges(deps, pulls, before);
  await tellNews(deps, { repository, sessions, pulls, stacks });
  const placeOf = ({ id: pullId }: Pull) =>
    (elsewhere.places.has(pullId) ? elsewhere.places.get(pullId) : place) ?? null;
  await makeNudges(deps, { repository, placeOf, pulls, stacks, forgeNow: new Date(list.cursor), memory });
  const mergeable = pulls.filter(({ id: pullId }) => !elsewhere.places.has(pullId));
  await autoMerge(deps, { repository, sessions, place, pulls: mergeable, stacks, under: memory.merging });
  return path !== pathBefore;
}

/** All open ones that are known, after a look. */
function openNow(known: ReadonlyMap<number, PullFacts> | undefined, list: PullList): Map<number, PullFacts> {
  const open = new Map(known);
  for (const facts of list.pulls) {
    if (facts.state === "open") open.set(facts.number, facts);
    else open.delete(facts.number);
  }
  if (list.open !== null) for (const number of open.keys()) if (!list.open.includes(number)) open.delete(number);
  return open;
}

/** A reflog expires, and a worktree goes: what was made in it is kept. */
async function storeMade(deps: PullDeps, sessions: WorkingSession[]): Promise<void> {
  for (const { id, ended } of sessions) {
    if (ended) continue;
    const shas = await deps.work.madeShas(id);
    if (shas !== null && shas.length > 0) await deps.pulls.addMade(id, shas);
  }
}

/** What stands on the same branch may conflict from now on, and no list shows that. */
function mergedInto(pulls: PullFacts[]): MovedHint[] {
  const branches = pulls.flatMap(({ state, base }) => (state === "merged" ? [base.branch] : []));
  return [...new Set(branches)].map((branch) => ({ number: null, sha: null, branch }));
}

/** Open ones that a look should have shown and did not: closed long ago, transferred, or deleted. Each is asked for. */
async function lookAtGone(
  { client, path }: OnForge,
  { rows, list, asked }: { rows: Pull[]; list: PullList; asked: { number: number }[] },
): Promise<{ found: PullFacts[]; missing: string[] }> {
  const [found, missing]: [PullFacts[], string[]] = [[], []];
  const shown = new Set([...(list.open ?? []), ...list.pulls.map(({ number }) => number)]);
  for (const { id, facts, lookFailure } of rows) {
    if (facts?.state !== "open" || shown.has(facts.number) || lookFailure !== null) continue;
    if (list.open === null && !asked.some(({ number }) => number === facts.number)) continue;
    try {
      found.push(await client.readPull(path, facts.number));
    } catch (error) {
      if (!AppError.is(error) || error.code !== "not-found") throw error;
      missing.push(id);
    }
  }
  return { found, missing };
}

/** Sessions whose reading may be another now. */
function tellChanges(deps: PullDeps, pulls: Pull[], before: ReadonlyMap<string, string>): void {
  const moved = pulls.filter((pull) => before.get(pull.id) !== fingerprint(pull));
  if (moved.length === 0) return;
  for (const sessionId of new Set(pulls.flatMap(({ sessionId: of }) => of ?? []))) deps.changes.session(sessionId);
}

const fingerprint = ({ facts, sessionId, lookFailure }: Pull): string =>
  JSON.stringify([facts, sessionId, lookFailure]);

function waitForBudget(deps: PullDeps, { client }: OnForge): number {
  const { remaining, resetsAt } = client.budget();
  if (remaining === null || remaining >= spareRequests || resetsAt === null) return 0;
  return Math.min(longestWaitMs, Math.max(0, resetsAt.getTime() - deps.now().getTime()));
}
