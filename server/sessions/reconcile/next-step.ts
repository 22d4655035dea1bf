import { type CreationStep, endingSteps, type Failure, type Session, type Worktree } from "../../domain/session";
import type { HostState } from "../host";
import { stepToTake } from "./creation-records";
import { isUnbegun } from "./is-unbegun";

export type Next =
  /** Ended, or failed: only a person moves it on. */
  | { kind: "nothing" }
  /** A host that cannot be seen costs nothing but time. */
  | { kind: "wait-for-host" }
  /** There is work on a host that rests, or is on its way up. */
  | { kind: "bring-up" }
  | { kind: "end" }
  /** There is nothing on the host to end: one that is not up, and may never be, is not waited for. */
  | { kind: "end-unbegun" }
  | { kind: "create"; step: CreationStep; begun: boolean }
  | { kind: "look" };

/** Level-triggered: what is wanted against the facts, never what just happened. */
export function nextStep(session: Session, worktree: Worktree | null, host: HostState): Next {
  if (session.endedAt !== null) return { kind: "nothing" };
  const isUp = host.kind === "reachable";
  if (isEnding(session) && !isUp && isUnbegun(session, worktree)) return { kind: "end-unbegun" };
  if (host.kind === "unreachable") return { kind: "wait-for-host" };
  if (isEnding(session)) {
    if (isEndingFailure(session.failure)) return { kind: "nothing" };
    return isUp ? { kind: "end" } : { kind: "bring-up" };
  }
  const step = stepToTake(session.creation);
  // Nobody asked for it: a look alone wakes no host.
  if (step === null) return isUp ? { kind: "look" } : { kind: "wait-for-host" };
  if (session.failure !== null) return { kind: "nothing" };
  return isUp || step.step === "host" ? { kind: "create", ...step } : { kind: "bring-up" };
}

export function isEnding(session: Session): boolean {
  return session.wanted === "ended";
}

export function isEndingFailure(failure: Failure | null): boolean {
  return failure !== null && endingSteps.some((step) => step === failure.step);
}
