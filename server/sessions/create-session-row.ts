import { randomInt, randomUUID } from "node:crypto";
import { AppError } from "../domain/app-error";
import { sessionBranch } from "../domain/branch-user";
import type { Repository } from "../domain/repository";
import { type Session, untitled } from "../domain/session";
import type { User } from "../domain/user";
import type { SessionDeps } from "./session-deps";

/** A pull request that a session is to go on with, in its own branch. */
export type Adopt = {
  url: string;
  branch: string;
  baseBranch: string;
  /** Its branch lies in another repository than the one that is cloned. */
  inFork: boolean;
};

export type WantedSession = {
  repositoryId: string;
  title?: string;
  base?: string;
  restoreFrom?: string;
  adopt?: Adopt;
};

const shortIdLength = 8;
const shortIdLetters = "abcdefghijklmnopqrstuvwxyz0123456789";
const tries = 5;

/** All that a new session is before its first step. Nothing here waits for a host. */
export async function createSessionRow(deps: SessionDeps, user: User, wanted: WantedSession): Promise<Session> {
  const repository = await deps.repositories.getFor(user.id, wanted.repositoryId);
  if (!repository) throw new AppError("not-found", `There is no repository ${wanted.repositoryId}.`);
  if (repository.deletingAt !== null) throw deleting();
  const from = wanted.restoreFrom === undefined ? null : await restorable(deps, user, wanted);
  if (wanted.adopt !== undefined) await mustBeAdoptable(deps, wanted, wanted.adopt);
  const session = await insert(deps, () => newSession(deps, user, { wanted, repository, from }));
  const still = await deps.repositories.get(repository.id);
  // Another of the branch, or deletion, was asked for at the same moment: each looks after it said so.
  const other = wanted.adopt === undefined ? null : await workingOn(deps, session);
  if (still !== null && still.deletingAt === null && other === null) return session;
  if (still !== null) await deps.sessions.update(session.id, { wanted: "ended", endedAt: deps.now() });
  throw other === null ? deleting() : worked(other);
}

async function mustBeAdoptable(deps: SessionDeps, wanted: WantedSession, adopt: Adopt): Promise<void> {
  if (wanted.base !== undefined || wanted.restoreFrom !== undefined)
    throw new AppError("refused", "A session made from a pull request begins at its branch: leave out other bases.");
  if (adopt.inFork)
    throw new AppError(
      "refused",
      "This pull request cannot be adopted: its branch lies in a fork. Add the fork as a repository, and adopt it there.",
    );
  const other = await workingOn(deps, { id: null, repositoryId: wanted.repositoryId, branch: adopt.branch });
  if (other !== null) throw worked(other);
}

type Place = { id: string | null; repositoryId: string; branch: string };

/** The session that is not over and has that branch: git lets a branch be checked out once. */
async function workingOn(deps: SessionDeps, { id, repositoryId, branch }: Place): Promise<Session | null> {
  const on = (each: Session) => each.id !== id && each.repositoryId === repositoryId && each.branch === branch;
  return (await deps.sessions.listUnfinished()).find(on) ?? null;
}

const worked = ({ title, shortId, branch }: Session) =>
  new AppError("conflict", `The session "${title}" (${shortId}) works on the branch ${branch} already. Go on there.`);

const deleting = () => new AppError("conflict", "This repository is being deleted. Add it again to work in it.");

/** The branch begins where that of the ended session began; its work is put on top of it. */
async function restorable(deps: SessionDeps, user: User, wanted: WantedSession): Promise<Session> {
  const id = wanted.restoreFrom ?? "";
  const from = await deps.sessions.getFor(user.id, id);
  if (!from || from.repositoryId !== wanted.repositoryId)
    throw new AppError("not-found", `There is no session ${id} in this repository to restore from.`);
  if (from.endedAt === null)
    throw new AppError("conflict", "That session is still active: there is nothing to restore.");
  if (from.rescueRefs.length === 0) throw new AppError("refused", "That session left no rescue to restore from.");
  return from;
}

function newSession(
  deps: SessionDeps,
  user: User,
  { wanted, repository, from }: { wanted: WantedSession; repository: Repository; from: Session | null },
): Session {
  const shortId = Array.from({ length: shortIdLength }, () => shortIdLetters[randomInt(shortIdLetters.length)]).join(
    "",
  );
  const begin = wanted.base === undefined ? from : null;
  return {
    id: randomUUID(),
    shortId,
    title: wanted.title ?? (from === null ? untitled : `Restored: ${from.title}`.slice(0, 200)),
    userId: user.id,
    username: user.username,
    repositoryId: repository.id,
    host: repository.host,
    branch: wanted.adopt?.branch ?? sessionBranch(user.username, shortId),
    base: wanted.base ?? begin?.base ?? null,
    baseBranch: wanted.adopt?.baseBranch ?? begin?.baseBranch ?? null,
    baseSha: begin?.baseSha ?? null,
    wanted: "active",
    creation: [],
    failure: null,
    ending: null,
    endingSteps: [],
    endRefusal: null,
    rescueRefs: [],
    pushedBranches: [],
    restoredFromId: from?.id ?? null,
    adoptedFrom: wanted.adopt?.url ?? null,
    createdAt: deps.now(),
    endedAt: null,
    seenAt: null,
  };
}

/** A short id that is taken is a conflict, and the next one is tried. */
async function insert(deps: SessionDeps, make: () => Session): Promise<Session> {
  for (let attempt = 1; ; attempt += 1) {
    const session = make();
    try {
      await deps.sessions.create(session);
      return session;
    } catch (error) {
      if (attempt === tries || !AppError.is(error) || error.code !== "conflict") throw error;
    }
  }
}
