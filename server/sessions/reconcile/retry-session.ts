import { AppError } from "../../domain/app-error";
import { type CreationStep, creationSteps, type Session } from "../../domain/session";
import type { Clones } from "../repositories/clones";
import type { SessionDeps } from "../session-deps";
import { withBegun, withEnded } from "./creation-records";
import { isEndingFailure } from "./next-step";

const mayBeLeftOut: CreationStep[] = ["copy-files", "setup"];

/** A person's word on a failure: the step is taken again, or left out where that may be. Twice is once. */
export async function retrySession(
  deps: SessionDeps,
  clones: Clones,
  { session, skip }: { session: Session; skip: boolean },
): Promise<Session> {
  const { failure } = session;
  if (failure === null) return session;
  const step = creationSteps.find((candidate) => candidate === failure.step);
  if (skip && (step === undefined || !mayBeLeftOut.includes(step)))
    throw new AppError("refused", "Only copying files in and the setup script can be left out. Retry without that.");
  const now = deps.now();
  const creation =
    step === undefined || isEndingFailure(failure)
      ? session.creation
      : skip
        ? withEnded(session.creation, step, { at: now, detail: "Left out" })
        : withBegun(session.creation, step, now);
  if (step === "clone") await cloneAgain(deps, clones, session.repositoryId);
  const retried = await deps.sessions.update(session.id, { failure: null, creation });
  deps.changes.session(session.id);
  return retried;
}

/** Also for a clone that was there and is gone. Where it is there after all, nothing is cloned. */
async function cloneAgain(deps: SessionDeps, clones: Clones, repositoryId: string): Promise<void> {
  await deps.repositories.update(repositoryId, { clonedAt: null, cloneFailure: null });
  clones.wake(repositoryId);
}
