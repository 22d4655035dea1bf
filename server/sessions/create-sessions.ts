import { AppError } from "../domain/app-error";
import type { Session } from "../domain/session";
import type { User } from "../domain/user";
import { createSessionRow } from "./create-session-row";
import { requestEnd } from "./ending/request-end";
import { lookAtLoss } from "./loss/look-at-loss";
import { readSession } from "./read-session";
import { createReconciler } from "./reconcile/create-reconciler";
import { retrySession } from "./reconcile/retry-session";
import type { Clones } from "./repositories/clones";
import type { SessionDeps } from "./session-deps";
import type { Sessions } from "./sessions";
import { uploadFile } from "./upload-file";

/** `start` goes on with what a killed server left; `idle` resolves, after the signal, when no step is under way. */
export type SessionsRoom = Sessions & { start(): Promise<void>; idle(): Promise<void> };

/** Sessions as the API asks for them; everything slow is done by one reconciler per session. */
export function createSessions(deps: SessionDeps, clones: Clones): SessionsRoom {
  const reconciler = createReconciler(deps, clones);
  const read = (session: Session) => readSession(deps, clones, session);
  const get = async (user: User, id: string): Promise<Session> => {
    const session = await deps.sessions.getFor(user.id, id);
    if (!session) throw new AppError("not-found", `There is no session ${id}.`);
    return session;
  };

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
    async look(user, id) {
      const session = await get(user, id);
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
    async upload(user, id, file) {
      const session = await get(user, id);
      if (session.endedAt !== null) throw new AppError("conflict", "This session has ended. Files go to active ones.");
      return uploadFile(deps, session, file);
    },
    countActive: (userId) => deps.sessions.countActive(userId),
  };
}
