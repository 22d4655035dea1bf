import { feedCredentialCache, setCredentialCache } from "../git/credential-cache";
import type { CreationContext } from "./creation-context";

/** For this worktree alone. A person's own name and address in git always win over the account's. */
export async function configureWorktree(context: CreationContext, cwd: string): Promise<void> {
  const { deps, session, repository, host, git } = context;
  const set = (key: string, value: string) => git.must(["config", "--worktree", key, value], { cwd });
  const own = (key: string) => git.try(["config", "--get", key], { cwd });
  const [identity, name, email] = await Promise.all([
    deps.identity(session.userId),
    own("user.name"),
    own("user.email"),
    set("push.autoSetupRemote", "true"),
  ]);
  if (name.stdout.trim() === "" && identity.name !== "") await set("user.name", identity.name);
  if (email.stdout.trim() === "" && identity.email !== "") await set("user.email", identity.email);
  if ((await deps.repositories.secret(repository.id)) === null) return;
  await feedCredentialCache(deps, host, repository);
  await setCredentialCache(git, { host, repository, cwd });
}
