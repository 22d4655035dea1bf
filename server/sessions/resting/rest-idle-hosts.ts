import { hostOfRepository } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import { unlessAborted } from "../../kit/unless-aborted";
import { hostStateOf } from "../host-state-of";
import { sessionsOn } from "../repositories/running-on";
import type { SessionDeps } from "../session-deps";
import { lookAtUse, lookAtWanted } from "./look-at-use";

const minuteMs = 60_000;

/**
 * Puts pods to rest that nobody needed for as long as their repository says. `idleSince` holds, per repository, since
 * when every look found nothing, in milliseconds since 1970; a server that starts counts anew.
 */
export async function restIdleHosts(deps: SessionDeps, idleSince: Map<string, number>): Promise<void> {
  const repositories = await deps.repositories.listAll();
  const inPods = repositories.filter(({ host }) => host !== "local");
  // Each by itself, for a pod may take a minute to go.
  await Promise.all(inPods.map((repository) => restIfIdle(deps, repository, idleSince)));
}

async function restIfIdle(deps: SessionDeps, repository: Repository, idleSince: Map<string, number>): Promise<void> {
  try {
    if (await isIdleLongEnough(deps, repository, idleSince)) await putToRest(deps, repository);
  } catch (error) {
    idleSince.delete(repository.id); // what cannot be seen is not idle
    if (!deps.signal.aborted) deps.log.info("a pod was not put to rest", { repositoryId: repository.id, error });
  }
}

async function isIdleLongEnough(
  deps: SessionDeps,
  repository: Repository,
  idleSince: Map<string, number>,
): Promise<boolean> {
  const { id, settings } = repository;
  const isUp = hostStateOf(deps, hostOfRepository(repository)).kind === "reachable";
  if (!isUp || settings.suspendAfterMinutes === 0 || (await lookAtUse(deps, id)) !== null) {
    idleSince.delete(id);
    return false;
  }
  const since = idleSince.get(id) ?? deps.now().getTime();
  idleSince.set(id, since);
  return deps.now().getTime() - since >= settings.suspendAfterMinutes * minuteMs;
}

/** Looked at again at the last moment; and whoever came since then has it woken again. */
async function putToRest(deps: SessionDeps, repository: Repository): Promise<void> {
  const { id } = repository;
  const host = deps.host(hostOfRepository(repository));
  const sessions = await sessionsOn(deps, repository);
  let rests = false;
  try {
    for (const session of sessions) await deps.terminals.rest(session.id, new Set());
    if ((await lookAtUse(deps, id)) === null) {
      await unlessAborted(host.suspend(), deps.signal);
      rests = true;
    }
  } finally {
    // One that is on its way down all the same takes its shells along: they are started again as if it had been said.
    const isUp = host.state().kind === "reachable";
    if (!rests && isUp && !deps.signal.aborted) for (const session of sessions) await deps.terminals.goOn(session.id);
  }
  if (!rests) return;
  deps.log.info("a pod was put to rest", { repositoryId: id });
  if ((await lookAtWanted(deps, id)) !== null) host.wake();
  deps.changes.repository(id);
  for (const session of sessions) deps.changes.session(session.id);
}
