import { type Checkout, inCheckout } from "../loss/checkout";

/** Files of git's record that name commits which no ref may hold: an autostash is work that stands nowhere else. */
const names = [
  "MERGE_HEAD",
  "MERGE_AUTOSTASH",
  "CHERRY_PICK_HEAD",
  "REVERT_HEAD",
  "ORIG_HEAD",
  "REBASE_HEAD",
  "rebase-merge/orig-head",
  "rebase-merge/autostash",
  "rebase-merge/onto",
  "rebase-apply/orig-head",
  "rebase-apply/autostash",
];

/** Commits that only an operation in progress, or one just done, holds; `name` is unique and fit for a ref. */
export async function operationCommits(
  checkout: Checkout,
  signal: AbortSignal,
): Promise<{ name: string; sha: string }[]> {
  const { host, git, gitDir } = checkout;
  if (!gitDir) return [];
  const commits: { name: string; sha: string }[] = [];
  for (const name of names) {
    const read = await host.run(["cat", "--", `${gitDir}/${name}`], { signal, env: { LC_ALL: "C.UTF-8" } });
    const words = new TextDecoder().decode(read.stderr);
    if (read.code === 1 && /No such file or directory|Not a directory/.test(words)) continue;
    if (read.code !== 0) throw new Error(`${name} cannot be read: ${words.trim()}`);
    const shas = new TextDecoder().decode(read.stdout).match(/^[0-9a-f]{40,64}/gm) ?? [];
    for (const [index, sha] of shas.entries()) {
      const known = await git.try(["cat-file", "-e", `${sha}^{commit}`], inCheckout(checkout, signal));
      if (known.code !== 0) continue; // named by a file, but git never had it or has it no more
      commits.push({ name: index === 0 ? name : `${name}-${index + 1}`, sha });
    }
  }
  return commits;
}
