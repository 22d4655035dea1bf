import { hostOfRepository } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import type { SessionDeps } from "../session-deps";
import type { CloneQueue } from "./clone-queue";
import { gitOn } from "./git";

const looseEnough = 3_000;
const packsEnough = 30;

/**
 * Packs a clone that has many loose objects or packs, while nothing else wants it. Nothing is ever pruned: rescue refs,
 * stashes, indexes and worktrees whose directory is away may be all that holds an object.
 */
export async function maintainClone(deps: SessionDeps, repository: Repository, queue: CloneQueue): Promise<void> {
  const git = gitOn(deps.host(hostOfRepository(repository)), deps.signal);
  const cwd = queue.path;
  const counts = (await git.must(["count-objects", "-v"], { cwd })).stdout;
  const count = (key: string) => Number(new RegExp(`^${key}: (\\d+)$`, "m").exec(counts)?.[1] ?? 0);
  if (count("count") < looseEnough && count("packs") < packsEnough) return;
  await queue.whenIdle(async (signal) => {
    const packed = await git
      .try(["-c", "gc.worktreePruneExpire=never", "-c", "gc.reflogExpire=never", "gc", "--quiet", "--no-prune"], {
        cwd,
        signal,
        timeoutMs: 3_600_000,
      })
      .catch((error: unknown) => {
        if (!signal.aborted) throw error; // given up because a session wants the clone: the next look does it
        return null;
      });
    if (packed !== null && packed.code !== 0)
      deps.log.warn("maintenance of a clone failed", { repositoryId: repository.id, reason: packed.stderr.trim() });
  });
}
