import type { HostKind } from "../../domain/repository";
import type { Session } from "../../domain/session";
import type { SessionDeps } from "../session-deps";

/** A host that is back within this time is nobody's business. */
const graceMs = 60_000;

/** Tells owners of active sessions once per outage. `told` holds, per host, the outage that was told. */
export async function tellUnreachable(
  deps: SessionDeps,
  sessions: Session[],
  told: Map<HostKind, number>,
): Promise<void> {
  for (const kind of new Set(sessions.map(({ host }) => host))) {
    const state = deps.host(kind).state();
    if (state.kind === "reachable") continue;
    const since = state.since.getTime();
    if (told.get(kind) === since || deps.now().getTime() - since < graceMs) continue;
    told.set(kind, since);
    for (const { id, userId, title } of sessions.filter(({ host }) => host === kind))
      await deps.tell({
        userId,
        sessionId: id,
        kind: "session-unreachable",
        title: `${title}: its host cannot be reached`,
        body: `${state.reason} Its programs may well go on; Trellis keeps trying.`,
      });
  }
}
