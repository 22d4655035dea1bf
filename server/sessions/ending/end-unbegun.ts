import type { Session } from "../../domain/session";
import type { SessionDeps } from "../session-deps";
import { markEnded } from "./mark-ended";

/** Ends a session of which nothing was ever begun on its host: nothing is there to be stopped, saved or moved. */
export async function endUnbegun(deps: SessionDeps, session: Session): Promise<"again"> {
  const now = deps.now();
  await deps.terminals.closeAll(session.id);
  const detail = "Nothing was made yet.";
  await markEnded(deps, session, [{ step: "confirm", startedAt: now, endedAt: now, detail }]);
  deps.log.info("session ended before anything of it was begun on its host", { sessionId: session.id });
  return "again";
}
