import type { Pull } from "../domain/pull";
import { readyNudges } from "./nudges";
import type { PrintedUrls } from "./printed-urls";
import type { PullDeps } from "./pull-deps";
import type { PullReading, SessionPulls } from "./pulls";
import { sessionStatus } from "./session-status";
import { type StackPlace, stacksOf } from "./stacks";

/** Stacks reach over sessions: each repository is read whole, once, however many of its sessions are asked for. */
export async function readPulls(
  deps: PullDeps,
  sessionIds: string[],
  printed: PrintedUrls,
): Promise<Map<string, SessionPulls>> {
  const readings = new Map<string, SessionPulls>();
  const sessions = await Promise.all(sessionIds.map((id) => deps.work.get(id)));
  const repositories = new Map(
    sessions.flatMap((session) => (session ? [[session.repositoryId, [] as string[]]] : [])),
  );
  for (const session of sessions) if (session) repositories.get(session.repositoryId)?.push(session.id);
  for (const [repositoryId, ids] of repositories) {
    const pulls = await deps.pulls.listByRepository(repositoryId);
    const repository = pulls.length > 0 ? await deps.repositories.get(repositoryId) : null;
    const stacks = stacksOf(pulls, () => repository?.defaultBranch ?? null);
    const nudges = pulls.length > 0 ? await deps.pulls.nudges(pulls.map(({ id }) => id)) : [];
    for (const id of ids) {
      const own = pulls.filter(({ sessionId }) => sessionId === id).toSorted(newestFirst);
      const openIds = new Set(own.flatMap((pull) => (pull.facts?.state === "open" ? [pull.id] : [])));
      readings.set(id, {
        own: own.map((pull) => readPull(pull, stacks)),
        around: standingWith(own, { pulls, stacks }).map((pull) => readPull(pull, stacks)),
        nudges: readyNudges(nudges.filter(({ pullId }) => openIds.has(pullId))),
        hints: printed.of(id).filter((url) => !pulls.some((pull) => isSameAddress(pull.url, url))),
        status: sessionStatus(own, stacks),
      });
    }
  }
  return readings;
}

export const readPull = (pull: Pull, stacks: ReadonlyMap<string, StackPlace>): PullReading => ({
  pull,
  stack: stacks.get(pull.id) ?? null,
});

/** All that is reached from its own over parents and children. */
function standingWith(
  own: Pull[],
  { pulls, stacks }: { pulls: Pull[]; stacks: ReadonlyMap<string, StackPlace> },
): Pull[] {
  const urls = new Set(own.filter(({ id }) => stacks.has(id)).map(({ url }) => url));
  for (let size = 0; size !== urls.size; ) {
    size = urls.size;
    for (const { id, url } of pulls) {
      const parentUrl = stacks.get(id)?.parentUrl ?? null;
      if (parentUrl === null || (!urls.has(url) && !urls.has(parentUrl))) continue;
      urls.add(url).add(parentUrl);
    }
  }
  const mine = new Set(own.map(({ id }) => id));
  return pulls.filter(({ id, url }) => urls.has(url) && !mine.has(id));
}

/** A page below it is the same pull request. */
export const isSameAddress = (known: string, url: string): boolean => url === known || url.startsWith(`${known}/`);

function newestFirst(a: Pull, b: Pull): number {
  const at = ({ facts, createdAt }: Pull) => (facts?.createdAt ?? createdAt).getTime();
  return at(b) - at(a);
}
