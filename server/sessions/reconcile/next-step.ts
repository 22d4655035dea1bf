import { type CreationStep, endingSteps, type Failure, type Session } from "../../domain/session";
import type { HostState } from "../host";
import { stepToTake } from "./creation-records";

export type Next =
  /** Ended, or failed: only a person moves it on. */
  | { kind: "nothing" }
  /** A host that cannot be seen costs nothing but time. */
  | { kind: "wait-for-host" }
  | { kind: "end" }
  | { kind: "create"; step: CreationStep; begun: boolean }
  | { kind: "look" };

/** Level-triggered: what is wanted against the facts, never what just happened. */
export function nextStep(session: Session, host: HostState): Next {
  if (session.endedAt !== null) return { kind: "nothing" };
  if (host.kind === "unreachable") return { kind: "wait-for-host" };
  if (isEnding(session)) return isEndingFailure(session.failure) ? { kind: "nothing" } : { kind: "end" };
  const step = stepToTake(session.creation);
  if (step === null) return { kind: "look" };
  return session.failure !== null ? { kind: "nothing" } : { kind: "create", ...step };
}

export function isEnding(session: Session): boolean {
  return session.wanted === "ended";
}

export function isEndingFailure(failure: Failure | null): boolean {
  return failure !== null && endingSteps.some((step) => step === failure.step);
}
