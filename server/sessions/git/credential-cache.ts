import type { Repository } from "../../domain/repository";
import type { Host } from "../host";
import type { SessionDeps } from "../session-deps";
import { clonePath } from "./clone-path";
import { credentialEnv } from "./credential-env";
import { type Git, GitError } from "./git";

/** Fed again long before: git's cache ends by itself when Trellis is gone. */
const keptSeconds = 12 * 3_600;

/** Beside the clone, in a directory that git makes 0700. */
function socketOf(host: Host, repository: Repository): string {
  return `${clonePath(host, repository)}.credentials/socket`;
}

/**
 * Git commands typed in a worktree get the secret of the clone URL too, from git's own cache: a process in memory, fed
 * by its standard input, that nothing but a socket of the host's user leads to.
 */
export async function feedCredentialCache(deps: SessionDeps, host: Host, repository: Repository): Promise<void> {
  const secret = await deps.repositories.secret(repository.id);
  if (secret === null) return;
  const { TRELLIS_GIT_USERNAME, TRELLIS_GIT_PASSWORD } = credentialEnv(repository.cloneUrl, secret);
  const { protocol, host: name } = new URL(repository.cloneUrl);
  const input = [
    `protocol=${protocol.slice(0, -1)}`,
    `host=${name}`,
    `username=${TRELLIS_GIT_USERNAME}`,
    `password=${TRELLIS_GIT_PASSWORD}`,
    "",
  ].join("\n");
  const cache = ["git", "credential-cache", `--timeout=${keptSeconds}`, `--socket=${socketOf(host, repository)}`];
  const fed = await host.run([...cache, "store"], { input: new TextEncoder().encode(input), signal: deps.signal });
  if (fed.code !== 0) throw new GitError(["credential-cache"], fed.code, new TextDecoder().decode(fed.stderr));
}

/** For the worktree at `cwd`, and for the remote's origin only: all other hosts keep the person's own helpers. */
export async function setCredentialCache(
  git: Git,
  { host, repository, cwd }: { host: Host; repository: Repository; cwd: string },
): Promise<void> {
  const key = `credential.${new URL(repository.cloneUrl).origin}.helper`;
  const socket = `'${socketOf(host, repository).replaceAll("'", "'\\''")}'`;
  await git.try(["config", "--worktree", "--unset-all", key], { cwd });
  for (const value of ["", `cache --timeout=${keptSeconds} --socket=${socket}`])
    await git.must(["config", "--worktree", "--add", key, value], { cwd });
}

/** Forgets the secret, before the clone it belongs to goes. */
export async function endCredentialCache(deps: SessionDeps, host: Host, repository: Repository): Promise<void> {
  const socket = socketOf(host, repository);
  await host.run(["git", "credential-cache", `--socket=${socket}`, "exit"], { signal: deps.signal });
}
