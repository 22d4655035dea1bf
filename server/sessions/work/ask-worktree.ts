import { join } from "node:path/posix";
import { AppError } from "../../domain/app-error";
import { hostRefOf } from "../../domain/host";
import { type GitOptions, type GitResult, gitOn } from "../git/git";
import type { SessionDeps } from "../session-deps";

const limitMs = 20_000;

/**
 * What git prints about a session's worktree, also once it was set aside. Null where that cannot be known now: a host
 * that rests is not woken for it, and a worktree that was removed has nothing to say. Never climbs into a repository
 * above it.
 */
export async function askWorktree(deps: SessionDeps, sessionId: string, args: string[]): Promise<string | null> {
  const session = await deps.sessions.get(sessionId);
  const worktree = await deps.worktrees.getBySession(sessionId);
  if (!session || !worktree?.madeAt || worktree.purged) return null;
  const host = deps.host(hostRefOf(session));
  if (host.state().kind !== "reachable") return null;
  const cwd = worktree.setAsidePath ?? worktree.path;
  const options: GitOptions = { cwd, env: { GIT_CEILING_DIRECTORIES: join(cwd, "..") }, timeoutMs: limitMs };
  const said = await gitOn(host, deps.signal).try(args, options).catch(unreached);
  return said?.code === 0 ? said.stdout : null;
}

function unreached(error: unknown): GitResult | null {
  if (AppError.is(error) && error.code === "unavailable") return null;
  throw error;
}
