import type { Session } from "../../domain/session";
import type { TurnOutcome } from "../../kit/loops";
import { gitOn } from "../git/git";
import type { Host } from "../host";
import type { SessionDeps } from "../session-deps";
import { seeDirectory } from "../steps/see-worktree";
import { fail } from "./fail-session";

export const lookEveryMs = 30_000;

/** The worktree of a session that is made. A look that fails says nothing; a directory that is back clears its failure. */
export async function lookAtWorktree(deps: SessionDeps, session: Session, host: Host): Promise<TurnOutcome> {
  const next = { waitMs: lookEveryMs * (0.9 + Math.random() / 5) };
  const worktree = await deps.worktrees.getBySession(session.id);
  if (!worktree) return next;
  const git = gitOn(host, deps.signal);
  const look = await git.try(["rev-parse", "--show-prefix"], { cwd: worktree.path }).catch(() => null);
  if (look === null) return next; // the host went away during the look: its state says so
  const lost = session.failure?.step === "worktree";
  if (look.code === 0 && look.stdout.trim() === "") {
    await deps.sessions.update(session.id, { seenAt: deps.now(), ...(lost ? { failure: null } : {}) });
    if (lost) deps.changes.session(session.id);
    return next;
  }
  if (session.failure !== null || look.code === null) return next;
  const directory = await seeDirectory({ deps, host, git }, worktree.path).catch(() => null);
  if (directory === null || directory === "worktree") return next;
  const gone = directory === "absent" || directory === "empty";
  if (!gone && look.code !== 0 && look.code !== 128) return next; // git itself did not run
  const what = gone ? "is gone" : "is no worktree of its clone any more";
  const reason = `The directory ${worktree.path} ${what}. Retry puts it back as git last had it; its commits are safe in the clone.`;
  await fail(deps, session, { step: "worktree", reason, output: look.stderr.slice(-4_096) || null, at: deps.now() });
  return next;
}
