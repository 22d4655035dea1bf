import { hostOfRepository } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import type { Session } from "../../domain/session";
import { stepToTake } from "../reconcile/creation-records";
import { isEnding, isEndingFailure } from "../reconcile/next-step";
import { sessionsOn } from "../repositories/running-on";
import type { SessionDeps } from "../session-deps";

/**
 * Why the host of a repository is needed now; null only where all of it was seen and nothing needs it. Rejects where
 * something cannot be seen. What is dear to ask is asked last.
 */
export async function lookAtUse(deps: SessionDeps, repositoryId: string): Promise<string | null> {
  const wanted = await lookAtWanted(deps, repositoryId);
  if (wanted !== null) return wanted;
  const repository = await deps.repositories.get(repositoryId);
  if (repository === null) return "its repository is gone";
  for (const { id } of await sessionsOn(deps, repository))
    if ((await deps.host(hostOfRepository(repository)).programs(id)).length > 0)
      return `a program runs in session ${id}`;
  return null;
}

/** All of it that is known without the host. */
export async function lookAtWanted(deps: SessionDeps, repositoryId: string): Promise<string | null> {
  const repository = await deps.repositories.get(repositoryId);
  if (repository === null) return "its repository is gone";
  const sessions = await sessionsOn(deps, repository);
  const work = workOn(repository, sessions);
  if (work !== null) return work;
  for (const { id } of sessions) {
    if (deps.terminals.viewers(id) > 0) return `session ${id} is looked at`;
    if ((await deps.runningTurns(id)).length > 0) return `an agent works in session ${id}`;
  }
  return null;
}

/** What the server itself does there, or is about to. Pure. */
function workOn(repository: Repository, sessions: Session[]): string | null {
  if (repository.deletingAt !== null) return "it is being deleted";
  if (repository.clonedAt === null) return "it is being cloned";
  const working = sessions.find((session) => {
    if (isEnding(session)) return !isEndingFailure(session.failure);
    return session.failure === null && stepToTake(session.creation) !== null;
  });
  return working === undefined ? null : `session ${working.id} is being made or ended`;
}
