import type { Failure, Session } from "../../domain/session";
import type { SessionDeps } from "../session-deps";

/** Records what only a person can mend, and tells its owner. */
export async function fail(deps: SessionDeps, session: Session, failure: Failure): Promise<void> {
  await deps.sessions.update(session.id, { failure });
  deps.changes.session(session.id);
  deps.log.warn("session failed", { sessionId: session.id, step: failure.step, reason: failure.reason });
  await deps
    .tell({
      userId: session.userId,
      sessionId: session.id,
      kind: "session-failed",
      title: `${session.title}: failed`,
      body: failure.reason,
    })
    .catch((error: unknown) => deps.log.error("owner was not told of a failure", { sessionId: session.id, error }));
}
