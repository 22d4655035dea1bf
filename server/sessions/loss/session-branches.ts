/** What decides whose a branch of the clone is. */
export type BranchFacts = {
  /** The session's own branch. */
  own: string;
  /** That one is a pull request's: Trellis did not name it, and another worktree may have it. */
  isAdopted: boolean;
  /** Every local branch of the clone. */
  branches: string[];
  /** Branches of the clone's other sessions. */
  others: string[];
  /** Checked out in another worktree now. */
  elsewhere: string[];
  /** That this worktree's HEAD names, or named by its reflog. */
  checkedOutHere: string[];
};

/**
 * The branches that a session answers for: its own and its children, and those that were checked out in its worktree.
 * What another session owns more closely, or has checked out, is never among them. Pure.
 */
export function sessionBranches({
  own,
  isAdopted,
  branches,
  others,
  elsewhere,
  checkedOutHere,
}: BranchFacts): string[] {
  return branches.filter((branch) => {
    if (branch === own && !isAdopted) return true;
    if (elsewhere.includes(branch)) return false;
    const owner = ownerOf(branch, [own, ...others]);
    return owner === null ? checkedOutHere.includes(branch) : owner === own;
  });
}

/** The longest session branch that this one is or is a child of; null where there is none. */
export function ownerOf(branch: string, owners: string[]): string | null {
  const owning = owners.filter((owner) => branch === owner || isChild(branch, owner));
  return owning.reduce<string | null>((best, owner) => (owner.length > (best?.length ?? 0) ? owner : best), null);
}

/** Only a branch that Trellis named has children by name: an adopted `main` would take what it has nothing to do with. */
function isChild(branch: string, parent: string): boolean {
  return (
    parent.startsWith("session/") && branch.startsWith(parent) && ["-", ".", "/"].includes(branch[parent.length] ?? "")
  );
}

/** Branches named by the checkouts in a HEAD reflog; a commit's name among them is harmless, for no branch has it. */
export function branchesInReflog(messages: string[]): string[] {
  const names = messages.flatMap((message) => {
    const moved = /^checkout: moving from (\S+) to (\S+)$/.exec(message);
    return moved ? [moved[1] ?? "", moved[2] ?? ""] : [];
  });
  return [...new Set(names)];
}

/** `git worktree list --porcelain -z`: the branch that each worktree has checked out. */
export function parseWorktrees(output: string): { path: string; branch: string | null }[] {
  return output
    .split("\0\0")
    .filter((record) => record !== "")
    .map((record) => {
      const fields = record.split("\0");
      const value = (key: string) => fields.find((field) => field.startsWith(`${key} `))?.slice(key.length + 1);
      return { path: value("worktree") ?? "", branch: value("branch")?.replace(/^refs\/heads\//, "") ?? null };
    });
}
