import type { CreationContext } from "./creation-context";

/** For this worktree alone. A person's own name and address in git always win over the account's. */
export async function configureWorktree({ deps, session, git }: CreationContext, cwd: string): Promise<void> {
  const set = (key: string, value: string) => git.must(["config", "--worktree", key, value], { cwd });
  await set("push.autoSetupRemote", "true");
  const identity = await deps.identity(session.userId);
  for (const key of ["name", "email"] as const) {
    const own = await git.try(["config", "--get", `user.${key}`], { cwd });
    if (own.stdout.trim() === "" && identity[key] !== "") await set(`user.${key}`, identity[key]);
  }
}
