import { basename, dirname, join } from "node:path/posix";
import { hostOfRepository } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import type { Worktree } from "../../domain/session";
import type { Host } from "../host";
import { hostStateOf } from "../host-state-of";
import { statPath } from "../loss/stat-path";
import type { SessionDeps } from "../session-deps";
import { isShort, parseDisk } from "./disk-room";
import { mustRun } from "./move-directory";

type Reason = NonNullable<Worktree["purged"]>["reason"];

const dayMs = 86_400_000;

/**
 * Removes directories that were set aside long enough, and sooner, oldest first, only while the disk is short; each
 * with its reason. What it cannot identify or look at it leaves alone.
 */
export async function sweepSetAside(deps: SessionDeps): Promise<void> {
  for (const worktree of await deps.worktrees.listSetAside()) {
    deps.signal.throwIfAborted();
    await sweepOne(deps, worktree).catch((error: unknown) => {
      deps.signal.throwIfAborted();
      deps.log.warn("a directory set aside was not removed", { worktreeId: worktree.id, error });
    });
  }
}

async function sweepOne(deps: SessionDeps, worktree: Worktree): Promise<void> {
  const repository = await deps.repositories.get(worktree.repositoryId);
  const path = worktree.setAsidePath;
  if (!repository || path === null || worktree.setAsideAt === null || worktree.purged !== null) return;
  if (hostStateOf(deps, hostOfRepository(repository)).kind !== "reachable") return;
  const host = deps.host(hostOfRepository(repository));
  if (!(await isOver(deps, worktree)) || !isOurs(host, path)) return;
  const removal = await findRemoval(deps, { host, repository, worktree, path });
  if (removal === null) return;
  const { reason, from } = removal;
  const leaving = leavingPlace(path, reason);
  if (from === "place") await mustRun(host, ["mv", "--no-target-directory", "--", path, leaving]);
  // Recorded only when it is all gone: until then a sweep finds what a stop or a crash left of it.
  if (from !== "gone") await remove(host, leaving, deps.signal);
  await deps.worktrees.update(worktree.id, { purged: { at: deps.now(), reason } });
  deps.log.info("a directory set aside was removed", { worktreeId: worktree.id, reason });
  if (worktree.sessionId) deps.changes.session(worktree.sessionId);
}

/** A session that still ends needs its directory. */
async function isOver(deps: SessionDeps, { sessionId }: Worktree): Promise<boolean> {
  const session = sessionId === null ? null : await deps.sessions.get(sessionId);
  return session === null || session.endedAt !== null;
}

/** Directly below the place for ended sessions, under a name that only a session's directory has. */
const isOurs = (host: Host, path: string): boolean =>
  dirname(path) === host.paths().ended && /^[a-z0-9]{8}$/.test(basename(path));

/** Its name while it goes: half a directory is never mistaken for a kept one, and its reason survives a crash. */
const leavingPlace = (path: string, reason: Reason): string =>
  join(dirname(path), `.going-${reason}-${basename(path)}`);

async function findRemoval(
  deps: SessionDeps,
  { host, repository, worktree, path }: { host: Host; repository: Repository; worktree: Worktree; path: string },
): Promise<{ reason: Reason; from: "place" | "leaving" | "gone" } | null> {
  if ((await statPath(host, path, deps.signal)) === null) {
    for (const reason of ["kept-long-enough", "disk-short"] as const) {
      if ((await statPath(host, leavingPlace(path, reason), deps.signal)) !== null) return { reason, from: "leaving" };
    }
    return { reason: "by-hand", from: "gone" };
  }
  const keptMs = deps.now().getTime() - (worktree.setAsideAt?.getTime() ?? Number.POSITIVE_INFINITY);
  if (keptMs >= repository.settings.keepEndedDays * dayMs) return { reason: "kept-long-enough", from: "place" };
  const room = await mustRun(host, ["df", "--block-size=1", "--output=avail,size", "--", host.paths().ended]);
  const disk = parseDisk(room);
  return disk && isShort(disk) ? { reason: "disk-short", from: "place" } : null;
}

/** Caches make their directories read-only, which would keep their files. */
async function remove(host: Host, path: string, signal: AbortSignal): Promise<void> {
  const argv = ["rm", "-rf", "--one-file-system", "--", path];
  const removed = await host.run(argv, { timeoutMs: 3_600_000, signal });
  if (removed.code === 0) return;
  await host.run(["chmod", "-R", "u+rwX", "--", path], { timeoutMs: 600_000, signal });
  const again = await host.run(argv, { timeoutMs: 3_600_000, signal });
  if (again.code !== 0) throw new Error(`${path} is left: ${new TextDecoder().decode(again.stderr).trim()}`);
}
