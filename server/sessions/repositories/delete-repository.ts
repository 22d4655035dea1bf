import { join } from "node:path/posix";
import type { Repository } from "../../domain/repository";
import type { CloneQueue } from "../git/clone-queue";
import { endCredentialCache } from "../git/credential-cache";
import type { Host } from "../host";
import type { SessionDeps } from "../session-deps";
import { sessionsOf } from "./sessions-of";

/** Takes away all that a person agreed to lose. The row goes last, so a server that dies here goes on after its start. */
export async function deleteRepository(deps: SessionDeps, repository: Repository, queue: CloneQueue): Promise<void> {
  const host = deps.host(repository.host);
  const worktrees = await deps.worktrees.listByRepository(repository.id);
  const sessions = await sessionsOf(deps, repository, "ended");
  const { uploads } = host.paths();
  const directories = [
    ...worktrees.flatMap(({ path, setAsidePath }) => [path, setAsidePath]),
    ...sessions.map(({ shortId }) => join(uploads, shortId)),
    `${queue.path}.credentials`,
    queue.path,
  ];
  if ((await deps.repositories.secret(repository.id)) !== null) await endCredentialCache(deps, host, repository);
  await queue.run(async () => {
    for (const directory of directories) if (directory !== null) await removeOurs(host, directory, deps.signal);
  });
  await deps.repositories.delete(repository.id);
  for (const { id } of sessions) deps.changes.session(id);
  deps.log.info("repository deleted", { repositoryId: repository.id });
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
