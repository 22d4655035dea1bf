import type { Repository } from "../../domain/repository";
import type { Host, HostCredential } from "../host";
import type { SessionDeps } from "../session-deps";
import { readCredential } from "./credential-env";
import { type Git, GitError } from "./git";

/** Git commands typed in a worktree sign in with the secret of the clone URL too: the host has it in memory and serves it. */
export async function keepCredentials(deps: SessionDeps, host: Host, repository: Repository): Promise<void> {
  const secret = await deps.repositories.secret(repository.id);
  if (secret === null) return;
  const { username, password } = readCredential(secret);
  const credential: HostCredential = { origin: originOf(repository), username, password };
  await host.keepCredentials(repository.id, [credential]);
}

/** Nothing is written in the worktree at `cwd` where it names the helper already. */
export async function setCredentialHelper(
  git: Git,
  { host, repository, cwd }: { host: Host; repository: Repository; cwd: string },
): Promise<void> {
  const named = await git.try(["config", "--worktree", "-z", "--get-all", helperKey(repository)], { cwd });
  if (named.code !== 0 && named.code !== 1) throw new GitError(["config"], named.code, named.stderr);
  if (named.stdout === `\0${host.credentialHelper(repository.id)}\0`) return;
  await git.mustAll(helperConfig(host, repository), { cwd });
}

/**
 * For one worktree, and for the remote's origin only: all other hosts keep the person's own helpers. The empty one puts
 * those out of the way, with whatever was named there before.
 */
export function helperConfig(host: Host, repository: Repository): string[][] {
  const key = helperKey(repository);
  return [
    ["config", "--worktree", "--replace-all", key, ""],
    ["config", "--worktree", "--add", key, host.credentialHelper(repository.id)],
  ];
}

const helperKey = (repository: Repository): string => `credential.${originOf(repository)}.helper`;

const originOf = ({ cloneUrl }: Repository): string => new URL(cloneUrl).origin;
