import { AppError } from "../domain/app-error";
import type { Repository } from "../domain/repository";
import type { User } from "../domain/user";
import { draftWords } from "./draft-words";
import type { PullDeps } from "./pull-deps";
import type { PullDraft } from "./pulls";
import type { WorkingSession } from "./session-work";
import { workOf } from "./work-of";

/** Branches that nobody named: from the session's own, onto where it began. */
export function branchesOf(
  session: WorkingSession,
  repository: Repository,
  wanted: { base?: string | undefined; head?: string | undefined },
): { base: string; head: string } {
  const base = wanted.base ?? session.baseBranch ?? repository.defaultBranch;
  if (!base) throw new AppError("invalid", "The repository has no default branch: name the base.");
  return { base, head: wanted.head ?? session.branch };
}

/** Asks the worktree and no forge: what was pushed is what was seen from here. */
export async function readDraft(
  deps: PullDeps,
  { user, sessionId }: { user: User; sessionId: string },
  wanted: { base?: string; head?: string },
): Promise<PullDraft> {
  const { session, repository } = await workOf(deps, user, sessionId);
  const { base, head } = branchesOf(session, repository, wanted);
  const work = await deps.work.branchWork(sessionId, { branch: head, base });
  if (work === null)
    throw new AppError(
      "unavailable",
      "What the branch adds is not known now: the worktree cannot be asked. Write the words yourself, or try again.",
    );
  const parent = (await deps.pulls.listByRepository(repository.id)).find(
    ({ facts }) => facts?.state === "open" && facts.head.branch === base && facts.head.repository === facts.repository,
  );
  const { title } = session;
  const words = draftWords({
    title,
    isOwnBranch: head === session.branch,
    work,
    parent: parent?.facts?.number ?? null,
  });
  const commits = work.commits.map(({ sha, subject }) => ({ sha, subject }));
  return { ...words, base, head, commits, isPushed: work.isPushed, unpushed: work.unpushed };
}
