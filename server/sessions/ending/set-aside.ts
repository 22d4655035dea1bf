import { AppError } from "../../domain/app-error";
import { findCheckout, setAsidePlace } from "../loss/checkout";
import { statPath } from "../loss/stat-path";
import { done, type EndingContext, type EndingOutcome } from "./ending-context";
import { moveDirectory } from "./move-directory";

/** Moves the directory out of its place, where it is kept: ignored files and nested repositories can be fetched back. */
export async function setAside(context: EndingContext): Promise<EndingOutcome> {
  const { deps, host, session, worktree, repository } = context;
  if (!worktree) return done();
  const { signal } = deps;
  const to = worktree.setAsidePath ?? setAsidePlace(host, session);
  const checkout = await findCheckout(host, { session, worktree, signal });
  const isThere = (await statPath(host, worktree.path, signal)) === "directory";
  const isAside = (await statPath(host, to, signal)) !== null;
  if (isThere && isAside) {
    const words = `Something made ${worktree.path} again after it was set aside to ${to}. Move it away, then retry.`;
    throw new AppError("refused", words);
  }
  // Git's own clearing up of records whose directory is away leaves a locked one alone.
  if (checkout?.recorded) await checkout.git.try(["worktree", "lock", "--", worktree.path], { cwd: checkout.clone });
  if (isThere) await moveDirectory(host, { from: worktree.path, to });
  if (!isThere && !isAside) return done(worktree.madeAt === null ? null : "The directory was gone already.");
  if (worktree.setAsideAt === null) {
    await deps.worktrees.update(worktree.id, { setAsidePath: to, setAsideAt: deps.now() });
  }
  const { keepEndedDays } = repository.settings;
  return done(`The directory is kept at ${to} for ${keepEndedDays} days.`);
}
