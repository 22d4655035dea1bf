import type { Phase, Session } from "../domain/session";
import type { HostState } from "./host";
import { stepToTake } from "./reconcile/creation-records";
import { isEnding, isEndingFailure } from "./reconcile/next-step";

/**
 * What a user reads. Pure; a host that is away hides failure and end, for nothing is known of them now. One that rests
 * leaves a session active: its files are kept, and whoever opens it wakes it.
 */
export function phaseOf(session: Session, host: HostState): Phase {
  if (session.endedAt !== null) return "ended";
  if (host.kind === "unreachable") return "unreachable";
  if (isEnding(session)) return isEndingFailure(session.failure) ? "failed" : "ending";
  if (session.failure !== null) return "failed";
  if (stepToTake(session.creation) !== null) return "creating";
  return host.kind === "starting" ? "unreachable" : "active";
}
