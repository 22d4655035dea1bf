import type { Session } from "../../domain/session";
import type { SessionDeps } from "../session-deps";
import { endedDetail } from "./ended-detail";
import { tellOwner } from "./tell-owner";

/** The last word of an ending, once all of its steps are done. The owner is told first, once however often that is. */
export async function markEnded(
  deps: SessionDeps,
  session: Session,
  endingSteps: Session["endingSteps"],
): Promise<"done"> {
  const body = endedDetail({ endingSteps }) ?? "Nothing was left behind.";
  const key = `session-ended ${session.id}`;
  await tellOwner(deps, session, { key, kind: "session-ended", title: `${session.title}: ended`, body });
  await deps.sessions.update(session.id, { endingSteps, endedAt: deps.now(), failure: null });
  deps.changes.session(session.id);
  return "done";
}
