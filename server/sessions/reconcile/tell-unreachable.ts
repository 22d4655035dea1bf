import { hostKey, hostRefOf, livesOn } from "../../domain/host";
import type { Session } from "../../domain/session";
import type { HostState } from "../host";
import { hostStateOf } from "../host-state-of";
import type { SessionDeps } from "../session-deps";

/** A host that is back within this time is nobody's business. */
const graceMs = 60_000;

/**
 * Tells owners of active sessions once per outage, and once of a host whose way up a person must mend. `told` holds,
 * per host, since when what was told lasts.
 */
export async function tellUnreachable(
  deps: SessionDeps,
  sessions: Session[],
  told: Map<string, number>,
): Promise<void> {
  const refs = new Map(sessions.map((session) => [hostKey(hostRefOf(session)), hostRefOf(session)]));
  for (const [key, ref] of refs) {
    const state = hostStateOf(deps, ref);
    const words = wordsFor(state);
    if (words === null || state.kind === "reachable") continue;
    const since = state.since.getTime();
    if (told.get(key) === since || deps.now().getTime() - since < graceMs) continue;
    told.set(key, since);
    for (const { id, userId, title } of sessions.filter((session) => livesOn(session, ref)))
      await deps.tell({
        userId,
        sessionId: id,
        kind: "session-unreachable",
        title: `${title}: ${words.title}`,
        body: words.body,
      });
  }
}

function wordsFor(state: HostState): { title: string; body: string } | null {
  if (state.kind === "unreachable")
    return {
      title: "its host cannot be reached",
      body: `${state.reason} Its programs may well go on; Trellis keeps trying.`,
    };
  if (state.kind === "starting" && state.trouble !== null)
    return { title: "its host does not come up", body: `${state.trouble} Trellis keeps trying.` };
  return null;
}
