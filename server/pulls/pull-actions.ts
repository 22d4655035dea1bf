import { randomUUID } from "node:crypto";
import { AppError } from "../domain/app-error";
import type { Pull, PullFacts } from "../domain/pull";
import type { Repository } from "../domain/repository";
import type { User } from "../domain/user";
import { forgeAt, forgeOf, forgeOfPull, type OnForge } from "./forge-of";
import { keepWords } from "./keep-words";
import { mergePull } from "./merge-pull";
import { claimAll } from "./observer/tell-news";
import type { PullDeps } from "./pull-deps";
import type { Adoption, At, PullReading, Pulls } from "./pulls";
import { branchesOf } from "./read-draft";
import { readPull } from "./read-pulls";
import { seenNow } from "./seen-now";
import { stacksOf } from "./stacks";
import { storeFacts } from "./store-facts";
import { repositoryOf, type Work, workOf } from "./work-of";

type Actions = Pick<
  Pulls,
  | "forAdoption"
  | "link"
  | "open"
  | "unlink"
  | "merge"
  | "retarget"
  | "update"
  | "requestReview"
  | "refresh"
  | "doneWithNudge"
>;
type Found = Work & { pull: Pull; facts: PullFacts; place: OnForge };

/** What a person does with pull requests. Each answer of the forge is stored as it comes. */
export function pullActions(deps: PullDeps, wake: (repositoryId: string) => void, merging: Set<string>): Actions {
  /** One act at the forge; then what it said is stored, and the rest of the stack is looked at. */
  const act = async (user: User, at: At, doing: (found: Found) => Promise<PullFacts>): Promise<PullReading> => {
    const found = await find(deps, user, at);
    try {
      const pull = await storeFacts(deps, found.pull, await doing(found));
      return await read(deps, pull, found.repository);
    } finally {
      wake(found.repository.id);
    }
  };

  return {
    forAdoption: (user, repositoryId, url) => forAdoption(deps, { user, repositoryId, url }),
    async link(user, sessionId, url) {
      const work = await workOf(deps, user, sessionId);
      const pull = await linkByHand(deps, work, url);
      wake(work.repository.id);
      return read(deps, pull, work.repository);
    },
    async open(user, sessionId, wanted) {
      const { session, repository } = await workOf(deps, user, sessionId);
      const place = await placeOf(deps, repository);
      const { base, head } = branchesOf(session, repository, wanted);
      const facts = await place.client.openPull(place.path, {
        title: wanted.title,
        body: wanted.body ?? "",
        draft: wanted.draft ?? false,
        ...{ base, head },
      });
      const given = { sessionId, attributedBy: "opened-here" as const, evidence: "it was opened from here" };
      const pull = await storeNew(deps, { repository, url: facts.url, facts, given });
      wake(repository.id);
      return read(deps, pull, repository);
    },
    async unlink(user, sessionId, pullId) {
      const { pull } = await row(deps, user, { sessionId, pullId });
      const unlinkedFrom = [...new Set([...pull.unlinkedFrom, sessionId])];
      await deps.pulls.update(pullId, { sessionId: null, attributedBy: null, evidence: null, unlinkedFrom });
      deps.changes.session(sessionId);
    },
    merge: (user, at, { headSha, method }) =>
      act(user, at, (found) => mergePull(deps, { ...found, under: merging }, { headSha, method })),
    retarget: (user, at, base) =>
      act(user, at, ({ place, facts }) => place.client.retarget(place.path, facts.number, base)),
    update: (user, at) =>
      act(user, at, ({ place, facts }) => place.client.update(place.path, facts.number, { headSha: facts.head.sha })),
    requestReview: (user, at, reviewers) =>
      act(user, at, ({ place, facts }) => place.client.requestReview(place.path, facts.number, reviewers)),
    refresh: (user, at) => act(user, at, ({ place, facts }) => place.client.readPull(place.path, facts.number)),
    doneWithNudge: (user, at, nudgeId) => doneWithNudge(deps, { user, at }, nudgeId),
  };
}

async function doneWithNudge(deps: PullDeps, { user, at }: { user: User; at: At }, nudgeId: string): Promise<void> {
  const { pull } = await row(deps, user, at);
  const nudge = (await deps.pulls.nudges([pull.id])).find(({ id }) => id === nudgeId);
  if (!nudge) throw new AppError("not-found", "There is no such message.");
  await deps.pulls.updateNudge(nudgeId, { doneAt: deps.now() });
  deps.changes.session(at.sessionId);
}

async function linkByHand(deps: PullDeps, { session, repository }: Work, url: string): Promise<Pull> {
  const given = { sessionId: session.id, attributedBy: "by-hand" as const, evidence: "it was linked by hand" };
  const facts = await factsAt(deps, session.userId, url);
  const pull = await storeNew(deps, { repository, url: facts?.url ?? url, facts, given });
  await claimAll(deps, pull);
  return pull;
}

/** Null where no forge of the user's has that address: what is not known is said on the page. */
async function factsAt(deps: PullDeps, userId: string, url: string): Promise<PullFacts | null> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new AppError("invalid", "Give the address of a pull request: https://…");
  const at = await forgeAt(deps, userId, url);
  return at === null ? null : at.client.readPull(at.path, at.number);
}

async function forAdoption(
  deps: PullDeps,
  { user, repositoryId, url }: { user: User; repositoryId: string; url: string },
): Promise<Adoption> {
  const repository = await repositoryOf(deps, user, repositoryId);
  const { client, path } = await placeOf(deps, repository);
  const at = client.parsePullUrl(url);
  if (!at || at.path.toLowerCase() !== path.toLowerCase())
    throw new AppError(
      "refused",
      `${url} is no pull request of ${repository.cloneUrl}. Give the address of one of its own, or add its repository.`,
    );
  const { head, base, state, number, title, ...facts } = await client.readPull(at.path, at.number);
  if (state !== "open") throw new AppError("refused", `#${number} is ${state}: begin a new session instead.`);
  const inFork = head.repository !== facts.repository;
  return { url: facts.url, branch: head.branch, baseBranch: base.branch, title: title.slice(0, 200), inFork };
}

type New = {
  repository: Repository;
  url: string;
  facts: PullFacts | null;
  given: Pick<Pull, "sessionId" | "attributedBy" | "evidence">;
};

/** A person's word goes before every rule, and takes it from another session. */
async function storeNew(deps: PullDeps, { repository, url, facts, given }: New): Promise<Pull> {
  const now = deps.now();
  const row: Pull = {
    ...{
      id: randomUUID(),
      repositoryId: repository.id,
      unlinkedFrom: [],
      formerBases: [],
      lookFailure: null,
      movedFor: null,
    },
    ...{ url, facts: facts && keepWords(null, facts), seenAt: facts ? now : null, createdAt: now },
    ...given,
  };
  const kept = await deps.pulls.create(row);
  const unlinkedFrom = kept.unlinkedFrom.filter((id) => id !== given.sessionId);
  const seen = facts ? seenNow(kept, facts, now) : {};
  const stored = kept.id === row.id ? kept : await deps.pulls.update(kept.id, { ...given, unlinkedFrom, ...seen });
  for (const id of new Set([kept.sessionId, given.sessionId])) if (id !== null) deps.changes.session(id);
  return stored;
}

async function row(deps: PullDeps, user: User, { sessionId, pullId }: At): Promise<Work & { pull: Pull }> {
  const work = await workOf(deps, user, sessionId);
  const pull = await deps.pulls.get(pullId);
  if (pull?.sessionId !== sessionId) throw new AppError("not-found", "This session has no such pull request.");
  return { ...work, pull };
}

async function find(deps: PullDeps, user: User, at: At): Promise<Found> {
  const found = await row(deps, user, at);
  const place = await forgeOfPull(deps, found.repository, found.pull);
  if (!place) throw new AppError("refused", `No forge is known for ${found.pull.url}: add it in the settings first.`);
  const facts = found.pull.facts ?? (await place.client.readPull(place.path, place.number));
  return { ...found, facts, place };
}

async function placeOf(deps: PullDeps, repository: Repository): Promise<OnForge> {
  const place = await forgeOf(deps, repository);
  if (place) return place;
  throw new AppError("refused", `No forge is known for ${repository.cloneUrl}: add it in the settings first.`);
}

async function read(deps: PullDeps, pull: Pull, repository: Repository): Promise<PullReading> {
  const all = await deps.pulls.listByRepository(repository.id);
  return readPull(
    pull,
    stacksOf(all, () => repository.defaultBranch),
  );
}
