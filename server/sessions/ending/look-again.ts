import { moreLost } from "../loss/compare-loss";
import { lookAtLoss } from "../loss/look-at-loss";
import { done, type EndingContext, type EndingOutcome, refused } from "./ending-context";

/** Between the person's look and now, programs went on: if more would be lost than they saw, they are asked again. */
export async function lookAgain({ deps, session, worktree, ending }: EndingContext): Promise<EndingOutcome> {
  if (ending.keep === "rescue") return done();
  const seen = ending.lossToken === null ? null : await deps.losses.get(session.id, ending.lossToken);
  if (!seen) return refused("What you saw before ending is too long ago. Look again, then end.");
  const now = await lookAtLoss(deps, { session, worktree, whenAway: "throw" });
  const more = moreLost(ending.keep, seen.loss, now.loss);
  if (more.length === 0) return done();
  return refused(`More would be lost now than you saw: ${more.join("; ")}. Look again, then end.`);
}
