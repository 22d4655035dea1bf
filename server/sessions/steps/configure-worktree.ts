import { feedCredentialCache, setCredentialCache } from "../git/credential-cache";
import type { CreationContext } from "./creation-context";

/** For this worktree alone. A person's own name and address in git always win over the account's. */
export async function configureWorktree(context: CreationContext, cwd: string): Promise<void> {
  const { deps, session, repository, host, git } = context;
  const set = (key: string, value: string) => git.must(["config", "--worktree", key, value], { cwd });
  await set("push.autoSetupRemote", "true");
  const identity = await deps.identity(session.userId);
  for (const key of ["name", "email"] as const) {
    const own = await git.try(["config", "--get", `user.${key}`], { cwd });
    if (own.stdout.trim() === "" && identity[key] !== "") await set(`user.${key}`, identity[key]);
  }
  if ((await deps.repositories.secret(repository.id)) === null) return;
  await feedCredentialCache(deps, host, repository);
  await setCredentialCache(git, { host, repository, cwd });
}
