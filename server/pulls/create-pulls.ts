import { createLoops } from "../kit/loops";
import { forgeCalls } from "./forge-calls";
import type { MovedHint } from "./forge-client";
import { lookAtRepository, type ObserverMemory } from "./observer/look-at-repository";
import { openPullsOf } from "./open-pulls-of";
import { PrintedUrls } from "./printed-urls";
import { pullActions } from "./pull-actions";
import type { PullDeps } from "./pull-deps";
import type { PullsRoom } from "./pulls";
import { readDraft } from "./read-draft";
import { readPulls } from "./read-pulls";

/** Looks at one time, over all forges. */
const atOnce = 4;
/** Deliveries that come together are one look. */
const coalesceMs = 2_000;
/** Of one repository, the newest, until a look succeeded. What one that is lost named is looked at in its turn. */
const mostHints = 200;

/** Pull requests of all sessions: one loop per repository looks at its forge; all else reads what was stored. */
export function createPulls(deps: PullDeps): PullsRoom {
  const memory: ObserverMemory = {
    ...{ open: new Map(), attempts: new Map(), hints: new Map() },
    ...{ merging: new Set(), commented: new Map() },
  };
  const loops = createLoops({
    atOnce,
    signal: deps.signal,
    turn: (id) => lookAtRepository(deps, id, memory),
    onError: (repositoryId, error) =>
      deps.log.error("a repository's pull requests were not looked at", { repositoryId, error }),
  });
  const printed = new PrintedUrls();
  const soon = new Map<string, NodeJS.Timeout>();
  const wakeSoon = (repositoryId: string, hint: MovedHint | null) => {
    if (hint) memory.hints.set(repositoryId, [...(memory.hints.get(repositoryId) ?? []), hint].slice(-mostHints));
    if (soon.has(repositoryId)) return;
    const wake = () => {
      soon.delete(repositoryId);
      loops.wake(repositoryId);
    };
    soon.set(repositoryId, setTimeout(wake, coalesceMs));
  };
  deps.signal.addEventListener("abort", () => {
    for (const timer of soon.values()) clearTimeout(timer);
  });
  const wakeAll = async () => {
    for (const { id } of await deps.repositories.listAll()) loops.wake(id);
  };
  return {
    troubleOf: async (repositoryId) => (await deps.pulls.look(repositoryId)).trouble,
    readMany: (sessionIds) => readPulls(deps, sessionIds, printed),
    openOf: (user, repositoryId) =>
      openPullsOf(deps, { user, repositoryId }, memory.open.get(repositoryId)?.values() ?? []),
    draft: (user, sessionId, wanted) => readDraft(deps, { user, sessionId }, wanted),
    ...pullActions(deps, loops.wake, memory.merging),
    ...forgeCalls(deps, { wakeAll, wakeSoon }),
    start: wakeAll,
    idle: loops.idle,
    wake: loops.wake,
    printed(sessionId, url) {
      if (!printed.add(sessionId, url)) return;
      deps.changes.session(sessionId);
      deps.work.get(sessionId).then(
        (session) => session && wakeSoon(session.repositoryId, null),
        (error: unknown) => deps.log.warn("a printed address was not looked at", { sessionId, error }),
      );
    },
  };
}
