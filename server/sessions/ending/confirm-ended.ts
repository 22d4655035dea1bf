import { AppError } from "../../domain/app-error";
import { findCheckout, inClone } from "../loss/checkout";
import { statPath } from "../loss/stat-path";
import { done, type EndingContext, type EndingOutcome } from "./ending-context";

/** The directory is out of its place, git has no record of it, and every rescue ref stands: else it is not over. */
export async function confirmEnded({ deps, host, session, worktree }: EndingContext): Promise<EndingOutcome> {
  const { signal } = deps;
  if (worktree && (await statPath(host, worktree.path, signal)) !== null) {
    throw new AppError("refused", `Something made ${worktree.path} again. Move it away, then retry.`);
  }
  const checkout = await findCheckout(host, { session, worktree, signal });
  if (checkout?.recorded) throw new AppError("refused", "Git still has a record of the worktree. Retry.");
  for (const { ref, sha } of checkout ? session.rescueRefs : []) {
    const found = await checkout?.git.try(["rev-parse", "--quiet", "--verify", ref], inClone(checkout, signal));
    if (found?.stdout.trim() !== sha) {
      throw new AppError("refused", `The rescue ref ${ref} is not at ${sha} any more. Its files are set aside.`);
    }
  }
  await deps.terminals.closeAll(session.id);
  return done();
}
