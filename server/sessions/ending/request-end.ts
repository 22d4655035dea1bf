import { AppError } from "../../domain/app-error";
import { hostRefOf } from "../../domain/host";
import type { Keep, Session, Worktree } from "../../domain/session";
import { moreLost } from "../loss/compare-loss";
import { lookAtLoss } from "../loss/look-at-loss";
import { awaken } from "../resting/awaken";
import type { SessionDeps } from "../session-deps";
import { currentEndingRecords } from "./next-ending-step";

const rank: Record<Keep, number> = { nothing: 0, push: 1, "commit-and-push": 2, rescue: 3 };

/**
 * Writes that the session is to end and what to keep. While it ends, only a request to keep more changes anything. All
 * but a rescue need the token of a look, and are asked again when more would be lost now than it shows.
 */
export async function requestEnd(
  deps: SessionDeps,
  input: { session: Session; worktree: Worktree | null; keep: Keep; token: string | null },
): Promise<"accepted" | "already"> {
  const { session, keep, token } = input;
  if (session.endedAt !== null) return "already";
  const before = session.wanted === "ended" ? session.ending : null;
  if (before && rank[keep] <= rank[before.keep]) return "already";
  if (before && hasBegun(session, "forget")) throw tooLate();
  if (keep !== "rescue") await compareWithSeen(deps, { ...input, keep, token });
  const last = session.endingSteps.reduce((latest, { startedAt }) => Math.max(latest, startedAt.getTime()), 0);
  // Later than every step taken so far, for an earlier request's steps are void.
  const requestedAt = new Date(Math.max(deps.now().getTime(), last + 1));
  await deps.sessions.update(session.id, {
    wanted: "ended",
    ending: { keep, lossToken: token, requestedAt },
    endRefusal: null,
    failure: null,
    ...(before ? {} : { endingSteps: [] }),
  });
  deps.changes.session(session.id);
  if (before) await refuseIfForgotten(deps, session);
  return "accepted";
}

async function compareWithSeen(
  deps: SessionDeps,
  { session, worktree, keep, token }: { session: Session; worktree: Worktree | null; keep: Keep; token: string | null },
): Promise<void> {
  const seen = token === null ? null : await deps.losses.get(session.id, token);
  if (!seen) {
    const words =
      "Look first at what would be lost, and name that look by its token; it is good for this session and 24 h.";
    throw new AppError("invalid", words);
  }
  await awaken(deps, hostRefOf(session));
  const now = await lookAtLoss(deps, { session, worktree, whenAway: "throw" });
  const more = moreLost(keep, seen.loss, now.loss);
  if (more.length === 0) return;
  throw new AppError("loss-changed", `More would be lost now than you saw: ${more.join("; ")}.`, { details: now });
}

const hasBegun = (session: Session, step: "forget"): boolean =>
  session.ending !== null &&
  currentEndingRecords(session.ending, session.endingSteps).some((record) => record.step === step);

/** It may have begun between reading the session and writing the request. */
async function refuseIfForgotten(deps: SessionDeps, session: Session): Promise<void> {
  const now = await deps.sessions.get(session.id);
  if (now?.endedAt || now?.endingSteps.some(({ step }) => step === "forget")) throw tooLate();
}

const tooLate = (): AppError =>
  new AppError(
    "conflict",
    "It is too late to keep more: the session's branches are being removed. Its directory is set aside.",
  );
