import { AppError } from "../domain/app-error";
import { hostRefOf } from "../domain/host";
import type { Session } from "../domain/session";
import type { User } from "../domain/user";
import { createSessionRow } from "./create-session-row";
import { requestEnd } from "./ending/request-end";
import { lookAtLoss } from "./loss/look-at-loss";
import { readSession } from "./read-session";
import { createReconciler } from "./reconcile/create-reconciler";
import { retrySession } from "./reconcile/retry-session";
import type { Clones } from "./repositories/clones";
import { awaken } from "./resting/awaken";
import type { SessionDeps } from "./session-deps";
import type { Sessions } from "./sessions";
import { uploadFile } from "./upload-file";
import { type BranchWork, branchWork } from "./work/branch-work";
import { commitsSince, type MadeCommit } from "./work/commits-since";
import { made } from "./work/made";

/** `start` goes on with what a killed server left; `idle` resolves, after the signal, when no step is under way. */
export type SessionsRoom = Sessions & {
  start(): Promise<void>;
  idle(): Promise<void>;
  /** Somebody wants to work in that session now: a host that rests is brought up. Returns at once, and fails never. */
  wanted(id: string): void;
  /** Its host is brought up and waited for, also where it has ended: what it left is there. Rejects as `awaken` does. */
  awaken(id: string): Promise<void>;
  /** The shas that were made in its worktree, as its reflog has them now. Null when its host cannot be asked. */
  made(id: string): Promise<string[] | null>;
  /** What its branch, or another of its worktree, adds to a base, oldest first. Null when its host cannot be asked. */
  commitsSince(id: string, wanted?: { branch?: string; base?: string }): Promise<MadeCommit[] | null>;
  /** What a pull request of that branch onto that base would be of. Null when its host cannot be asked. */
  branchWork(id: string, wanted: { branch: string; base: string }): Promise<BranchWork | null>;
};

/** Sessions as the API asks for them; everything slow is done by one reconciler per session. */
export function createSessions(deps: SessionDeps, clones: Clones): SessionsRoom {
  const reconciler = createReconciler(deps, clones);
  const read = (session: Session) => readSession(deps, clones, session);
  const get = (user: User, id: string) => sessionOf(deps, user, id);

  return {
    start: reconciler.start,
    idle: reconciler.idle,
    async create(user, wanted) {
      const session = await createSessionRow(deps, user, wanted);
      deps.changes.session(session.id);
      reconciler.wake(session.id);
      return read(session);
    },
    async list(filter) {
      const { items, nextCursor } = await deps.sessions.list(filter);
      return { items: await Promise.all(items.map(read)), nextCursor };
    },
    get: async (user, id) => read(await get(user, id)),
    async read(id) {
      const session = await deps.sessions.get(id);
      return session && read(session);
    },
    async rename(user, id, title) {
      await get(user, id);
      const renamed = await deps.sessions.update(id, { title });
      deps.changes.session(id);
      return read(renamed);
    },
    wanted(id) {
      wakeHostOf(deps, id).catch((error: unknown) => {
        if (!deps.signal.aborted) deps.log.warn("the host of a session was not woken", { sessionId: id, error });
      });
    },
    awaken: (id) => awakenHostOf(deps, id),
    async look(user, id) {
      const session = await get(user, id);
      if (session.endedAt === null) await awaken(deps, hostRefOf(session));
      return lookAtLoss(deps, { session, worktree: await deps.worktrees.getBySession(id) });
    },
    async end(user, id, { keep, token }) {
      const session = await get(user, id);
      const worktree = await deps.worktrees.getBySession(id);
      const outcome = await requestEnd(deps, { session, worktree, keep, token });
      deps.changes.session(id);
      reconciler.wake(id);
      return { outcome, reading: await read(await get(user, id)) };
    },
    async retry(user, id, options) {
      const retried = await retrySession(deps, clones, { session: await get(user, id), ...options });
      reconciler.wake(id);
      return read(retried);
    },
    upload: async (user, id, file) => upload(deps, await get(user, id), file),
    made: (id) => made(deps, id),
    commitsSince: (id, wanted) => commitsSince(deps, id, wanted),
    branchWork: (id, wanted) => branchWork(deps, id, wanted),
    countActive: (userId) => deps.sessions.countActive(userId),
  };
}

async function sessionOf(deps: SessionDeps, user: User, id: string): Promise<Session> {
  const session = await deps.sessions.getFor(user.id, id);
  if (!session) throw new AppError("not-found", `There is no session ${id}.`);
  return session;
}

async function upload(deps: SessionDeps, session: Session, file: Parameters<Sessions["upload"]>[2]) {
  if (session.endedAt !== null) throw new AppError("conflict", "This session has ended. Files go to active ones.");
  await awaken(deps, hostRefOf(session));
  return uploadFile(deps, session, file);
}

async function wakeHostOf(deps: SessionDeps, id: string): Promise<void> {
  const session = await deps.sessions.get(id);
  if (session !== null && session.endedAt === null) deps.host(hostRefOf(session)).wake();
}

async function awakenHostOf(deps: SessionDeps, id: string): Promise<void> {
  const session = await deps.sessions.get(id);
  if (session !== null) await awaken(deps, hostRefOf(session));
}
