import { helperConfig } from "../git/host-credentials";
import type { CreationContext } from "./creation-context";

/**
 * What git is told for this worktree alone, as its commands. A person's own name and address in git always win over the
 * account's. They are looked for in the clone: there is no worktree yet, and both read the same files.
 */
export async function worktreeConfig(context: CreationContext): Promise<string[][]> {
  const { deps, session, repository, host, git, queue } = context;
  const [identity, own, secret] = await Promise.all([
    deps.identity(session.userId),
    git.try(["config", "-z", "--get-regexp", "^user\\.(name|email)$"], { cwd: queue.path }),
    deps.repositories.secret(repository.id),
  ]);
  const has = new Map(own.stdout.split("\0").map((entry) => entry.split("\n", 2) as [string, string | undefined]));
  const lacks = (key: string) => (has.get(key) ?? "").trim() === "";
  const set = (key: string, value: string) => ["config", "--worktree", key, value];
  return [
    set("push.autoSetupRemote", "true"),
    ...(lacks("user.name") && identity.name !== "" ? [set("user.name", identity.name)] : []),
    ...(lacks("user.email") && identity.email !== "" ? [set("user.email", identity.email)] : []),
    ...(secret === null ? [] : helperConfig(host, repository)),
  ];
}
