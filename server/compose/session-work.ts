import type { Session } from "../domain/session";
import type { SessionWork, WorkingSession } from "../pulls/session-work";
import type { SessionsRoom } from "../sessions/create-sessions";
import { sessionsOf } from "../sessions/repositories/sessions-of";
import type { Store } from "../store/open-store";

/** What the pulls room asks about sessions, from their rows and worktrees. */
export function sessionWork(
  store: Pick<Store, "sessions" | "repositories">,
  room: Pick<SessionsRoom, "made" | "branchWork">,
): SessionWork {
  return {
    async sessions(repositoryId) {
      const repository = await store.repositories.get(repositoryId);
      if (!repository) return [];
      const found = await Promise.all([
        sessionsOf(store, repository, "active"),
        sessionsOf(store, repository, "ended"),
      ]);
      return found.flat().map(working);
    },
    async get(sessionId) {
      const session = await store.sessions.get(sessionId);
      return session && working(session);
    },
    madeShas: (sessionId) => room.made(sessionId),
    branchWork: (sessionId, wanted) => room.branchWork(sessionId, wanted),
  };
}

function working({ endedAt, ...session }: Session): WorkingSession {
  const { id, userId, username, repositoryId, title, branch, baseBranch, createdAt } = session;
  return { id, userId, username, repositoryId, title, branch, baseBranch, ended: endedAt !== null, createdAt };
}
