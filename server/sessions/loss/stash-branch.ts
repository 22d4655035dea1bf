import type { Loss } from "../../domain/loss";
import { ownerOf } from "./session-branches";

type Stashes = Extract<Loss["stashes"], { state: "known" }>["value"];

/** The branch that a stash was made on, as git words it; null on a detached HEAD or with words of another tool. */
export function stashBranch(message: string): string | null {
  const branch = /^(?:WIP on|On) ([^:]+): /.exec(message)?.[1] ?? null;
  return branch === "(no branch)" ? null : branch;
}

/**
 * Stashes are shared by all worktrees of a clone. Those that name a branch of this session are its own; those of other
 * sessions are left out; the rest may be anyone's, so they are told without a branch. Pure.
 */
export function sessionStashes(
  stashes: { sha: string; message: string }[],
  { own, others }: { own: string[]; others: string[] },
): Stashes {
  return stashes.flatMap(({ sha, message }, index) => {
    const named = stashBranch(message);
    const owner = named === null ? null : ownerOf(named, [...own, ...others]);
    if (owner !== null && others.includes(owner)) return [];
    return [{ ref: `stash@{${index}}`, sha, message, branch: owner === null ? null : named }];
  });
}
