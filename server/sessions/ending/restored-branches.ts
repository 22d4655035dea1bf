type Tip = { branch: string; sha: string };

/**
 * Under which names an ended session's branches come back: as children of the new session's branch, so that they are
 * its own. The one that was checked out is the new branch itself. Pure.
 */
export function restoredBranches({
  from,
  to,
  head,
  tips,
}: {
  from: string;
  to: string;
  head: string | null;
  tips: Tip[];
}): { branch: string; was: string; sha: string }[] {
  const taken = new Set<string>();
  return tips
    .filter(({ branch, sha }) => branch !== from || sha !== head)
    .map(({ branch, sha }) => {
      const isChild = branch.startsWith(from) && "-./".includes(branch[from.length] ?? " ");
      const topic = branch === from ? "restored" : isChild ? branch.slice(from.length + 1) : branch;
      let name = `${to}-${topic.replaceAll("/", "-")}`;
      while (taken.has(name)) name += "-2";
      taken.add(name);
      return { branch: name, was: branch, sha };
    });
}
