import { assertNever } from "../../domain/assert-never";
import { hostRefOf, livesOn } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import type { Session } from "../../domain/session";
import type { HostState } from "../host";
import { hostStateOf } from "../host-state-of";
import type { HostBurden } from "../repositories";
import type { SessionDeps } from "../session-deps";

/** All that runs for a repository now. A session that cannot be looked at is told apart: unknown is never nothing. */
export async function runningOn(deps: SessionDeps, repository: Repository): Promise<HostBurden> {
  const burden: HostBurden = { sessions: [], unknown: [] };
  for (const session of await sessionsOn(deps, repository)) {
    const { id: sessionId, title } = session;
    const away = whyAway(hostStateOf(deps, hostRefOf(session)));
    if (away !== null) {
      burden.unknown.push({ sessionId, title, reason: away });
      continue;
    }
    try {
      const programs = await deps.host(hostRefOf(session)).programs(sessionId);
      if (programs.length > 0) burden.sessions.push({ sessionId, title, programs });
    } catch (error) {
      deps.signal.throwIfAborted();
      burden.unknown.push({ sessionId, title, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return burden;
}

/** One that is not up answers nothing: each session asked would wait for it by itself. */
function whyAway(state: HostState): string | null {
  switch (state.kind) {
    case "reachable":
      return null;
    case "starting":
      return state.trouble ?? state.detail;
    case "suspended":
      return "The pod is at rest.";
    case "unreachable":
      return state.reason;
    default:
      return assertNever(state);
  }
}

/** Those that are not over, on the host of that repository. */
export async function sessionsOn(deps: SessionDeps, repository: Repository): Promise<Session[]> {
  const ref = hostRefOf({ host: repository.host, repositoryId: repository.id });
  const unfinished = await deps.sessions.listUnfinished();
  return unfinished.filter((session) => session.repositoryId === repository.id && livesOn(session, ref));
}
