import type { Checkout } from "./checkout";
import { statPath } from "./stat-path";

/** What git leaves in the worktree's record while an operation is under way, the most telling first. */
const signs: [string, string][] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply/applying", "am"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["sequencer", "cherry-pick"],
  ["BISECT_LOG", "bisect"],
];

/** The operation in progress in this worktree; null when there is none. */
export async function lookAtOperation({ host, gitDir }: Checkout, signal: AbortSignal): Promise<string | null> {
  if (!gitDir) throw new Error("git has no record of this worktree");
  for (const [name, operation] of signs) {
    if ((await statPath(host, `${gitDir}/${name}`, signal)) !== null) return operation;
  }
  return null;
}
