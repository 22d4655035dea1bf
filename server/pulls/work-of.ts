import { AppError } from "../domain/app-error";
import type { Repository } from "../domain/repository";
import type { User } from "../domain/user";
import type { PullDeps } from "./pull-deps";
import type { WorkingSession } from "./session-work";

/** A session of the user's, and its repository. */
export type Work = { session: WorkingSession; repository: Repository };

export async function workOf(deps: PullDeps, user: User, sessionId: string): Promise<Work> {
  const session = await deps.work.get(sessionId);
  const repository = session?.userId === user.id ? await deps.repositories.get(session.repositoryId) : null;
  if (!session || !repository) throw new AppError("not-found", `There is no session ${sessionId}.`);
  return { session, repository };
}

export async function repositoryOf(deps: PullDeps, user: User, repositoryId: string): Promise<Repository> {
  const repository = await deps.repositories.get(repositoryId);
  if (repository?.userId !== user.id) throw new AppError("not-found", `There is no repository ${repositoryId}.`);
  return repository;
}
