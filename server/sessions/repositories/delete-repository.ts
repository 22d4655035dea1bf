import { join } from "node:path/posix";
import { AppError } from "../../domain/app-error";
import { hostOfRepository } from "../../domain/host";
import type { Repository } from "../../domain/repository";
import { unlessAborted } from "../../kit/unless-aborted";
import type { CloneQueue } from "../git/clone-queue";
import type { Host } from "../host";
import type { SessionDeps } from "../session-deps";
import { sessionsOf } from "./sessions-of";

/**
 * Takes away all that a person agreed to lose. The row goes last, so a server that dies here goes on after its start. A
 * pod that is not up is not brought up for it: its volume goes with all that is on it.
 */
export async function deleteRepository(deps: SessionDeps, repository: Repository, queue: CloneQueue): Promise<void> {
  const host = deps.host(hostOfRepository(repository));
  if (repository.host === "local" || host.state().kind === "reachable")
    await removeDirectories(deps, { repository, host, queue });
  if ((await deps.repositories.secret(repository.id)) !== null) await forgetCredentials(host, repository);
  await unlessAborted(host.remove(), deps.signal);
  const sessions = await sessionsOf(deps, repository, "ended");
  await deps.repositories.delete(repository.id);
  for (const { id } of sessions) deps.changes.session(id);
  deps.log.info("repository deleted", { repositoryId: repository.id });
}

async function forgetCredentials(host: Host, repository: Repository): Promise<void> {
  await host.keepCredentials(repository.id, []).catch((error: unknown) => {
    if (!AppError.is(error) || error.code !== "unavailable") throw error; // a host that is down has nothing in memory
  });
}

async function removeDirectories(
  deps: SessionDeps,
  { repository, host, queue }: { repository: Repository; host: Host; queue: CloneQueue },
): Promise<void> {
  const worktrees = await deps.worktrees.listByRepository(repository.id);
  const sessions = await sessionsOf(deps, repository, "ended");
  const { uploads } = host.paths();
  const directories = [
    ...worktrees.flatMap(({ path, setAsidePath }) => [path, setAsidePath]),
    ...sessions.map(({ shortId }) => join(uploads, shortId)),
    queue.path,
  ];
  await queue.run(async () => {
    for (const directory of directories) if (directory !== null) await removeOurs(host, directory, deps.signal);
  });
}

/** Only below the directories that are Trellis's own. Some tools leave directories without the right to write. */
async function removeOurs(host: Host, path: string, signal: AbortSignal): Promise<void> {
  if (!Object.values(host.paths()).some((root) => path.startsWith(`${root}/`) && !path.includes("/../")))
    throw new Error(`refusing to remove ${path}: it is not below a directory of this host`);
  const remove = () => host.run(["rm", "-rf", "--", path], { signal, timeoutMs: 1_800_000 });
  if ((await remove()).code === 0) return;
  await host.run(["chmod", "-R", "u+rwX", "--", path], { signal, timeoutMs: 600_000 });
  const again = await remove();
  if (again.code !== 0)
    throw new Error(`cannot remove ${path}: ${new TextDecoder().decode(again.stderr).slice(0, 1_000)}`);
}
