import type { Pull, PullFacts } from "../../domain/pull";
import type { Repository } from "../../domain/repository";
import type { PullDeps } from "../pull-deps";
import { sessionStatus } from "../session-status";
import type { WorkingSession } from "../session-work";
import type { StackPlace } from "../stacks";
import { isOld, isWanted, type News, newsOf } from "./news";

export type Told = {
  repository: Repository;
  sessions: readonly WorkingSession[];
  pulls: readonly Pull[];
  stacks: ReadonlyMap<string, StackPlace>;
};

/**
 * Tells owners what is new, each piece once over all restarts. It is claimed after it was told, under a key of its own: a
 * crash between the two tells it again, which writes nothing; one before them loses nothing.
 */
export async function tellNews(deps: PullDeps, { repository, sessions, pulls, stacks }: Told): Promise<void> {
  const byId = new Map(sessions.map((session) => [session.id, session]));
  for (const pull of pulls) {
    const session = byId.get(pull.sessionId ?? "");
    if (!session || !hasFacts(pull)) continue;
    for (const news of newsOf(pull)) await tellOnce(deps, { news, pull, session, repository });
  }
  for (const session of sessions) {
    const own = pulls.filter(({ sessionId }) => sessionId === session.id);
    const last = own.filter(hasFacts).findLast(({ facts }) => facts.state === "merged");
    if (session.ended || !last || sessionStatus(own, stacks).status !== "merged") continue;
    const news = doneNews(session, own.length);
    await tellOnce(deps, { news, pull: last, session, repository });
  }
}

/** What was there when a person linked it is no news to them. */
export async function claimAll(deps: PullDeps, pull: Pull): Promise<void> {
  if (!hasFacts(pull)) return;
  for (const { kind, signature } of newsOf(pull))
    await deps.pulls.claim({ pullId: pull.id, kind, signature }, deps.now());
}

type Around = { news: News; pull: Pull; session: WorkingSession; repository: Repository };

/** Not where it was claimed; claimed after it was told, or after nobody wanted to hear it. */
export async function tellOnce(deps: PullDeps, { news, pull, session, repository }: Around): Promise<void> {
  const { kind, signature, title, body } = news;
  const claim = { pullId: pull.id, kind, signature };
  if (isOld(news, await deps.pulls.claimed(claim))) return;
  const key = JSON.stringify([pull.id, kind, signature]);
  if (isWanted(news, repository))
    await deps.tell({ userId: session.userId, sessionId: session.id, kind, title, body, key });
  await deps.pulls.claim(claim, deps.now());
}

function doneNews(session: WorkingSession, count: number): News {
  const which = count === 1 ? "Its pull request is merged" : "Its pull requests are merged";
  const body = `${which}. The session goes on until you end it.`;
  return { kind: "pull-done", signature: session.id, title: `${session.title}: merged`, body };
}

const hasFacts = (pull: Pull): pull is Pull & { facts: PullFacts } => pull.facts !== null;
