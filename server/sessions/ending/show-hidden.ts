import type { Git, GitOptions } from "../git/git";

/**
 * Files that an index tells git not to look at (`assume-unchanged`, `skip-worktree`) and that differ on disk all the
 * same are looked at again. Those that are absent on purpose, as in a sparse checkout, stay as they are. Only for a
 * scratch index.
 */
export async function showHidden(git: Git, { options, off }: { options: GitOptions; off: string[] }): Promise<void> {
  const listed = await git.must(["ls-files", "-v", "-z"], { ...options, maxOutputBytes: 64 * 1024 * 1024 });
  const hidden = parseHidden(listed.stdout);
  if (hidden.length === 0) return;
  const input = (paths: string[]) => new TextEncoder().encode(paths.map((path) => `${path}\0`).join(""));
  const flags = (to: string[], paths: string[]) =>
    paths.length > 0
      ? git.must([...off, "update-index", ...to, "-z", "--stdin"], { ...options, input: input(paths) })
      : null;
  const all = hidden.map(({ path }) => path);
  await flags(["--no-assume-unchanged"], all);
  await flags(["--no-skip-worktree"], all);
  const changed = await git.must([...off, "diff-files", "-z", "--name-only", "--diff-filter=MT"], options);
  const differ = new Set(changed.stdout.split("\0"));
  await flags(
    ["--skip-worktree"],
    all.filter((path) => !differ.has(path)),
  );
}

/** `git ls-files -v -z`: a lower-case tag is assume-unchanged, `S` is skip-worktree. Pure. */
export function parseHidden(output: string): { path: string }[] {
  return output
    .split("\0")
    .filter((record) => /^[a-zS] /.test(record))
    .map((record) => ({ path: record.slice(2) }));
}
