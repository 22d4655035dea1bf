import type { Session } from "../../domain/session";
import type { SessionDeps } from "../session-deps";

/** A message that cannot be written holds nothing up: what it says stands on the session's page too. */
export async function tellOwner(
  deps: SessionDeps,
  { id, userId }: Session,
  message: { key: string; kind: "session-ended" | "push-refused"; title: string; body: string },
): Promise<void> {
  await deps.tell({ userId, sessionId: id, ...message }).catch((error: unknown) => {
    deps.signal.throwIfAborted();
    deps.log.error("owner was not told of an ending", { sessionId: id, error });
  });
}
