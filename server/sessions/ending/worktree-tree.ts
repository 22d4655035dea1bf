import { GitError } from "../git/git";
import { troubleIn } from "../git/trouble";
import { type Checkout, inCheckout } from "../loss/checkout";
import { filtersOff } from "../loss/filters-off";
import { nestedRepositories } from "../loss/nested-repositories";
import { addRaw } from "./add-raw";
import { withScratchIndex } from "./scratch-index";
import { showHidden } from "./show-hidden";

const limitMs = 3_600_000;
const plain = [
  ...[
    "-c",
    "core.autocrlf=false",
    "-c",
    "core.safecrlf=false",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "core.splitIndex=false",
  ],
  ...["-c", "advice.addEmbeddedRepo=false"],
];

/**
 * The directory as it stands, as a tree: tracked and untracked files, not ignored ones. What lies in nested
 * repositories is left out, for their commits are not ours; a submodule is there as the commit it is at.
 */
export async function worktreeTree(
  checkout: Checkout,
  signal: AbortSignal,
): Promise<{ tree: string; note: string | null }> {
  const { repositories, unread } = await nestedRepositories(checkout, signal);
  const nested = repositories.filter(({ kind }) => kind === "nested").map(({ path }) => path);
  return withScratchIndex(checkout, signal, async (env) => {
    const { git } = checkout;
    const options = { ...inCheckout(checkout, signal, env), timeoutMs: limitMs };
    const off = await filtersOff(checkout, signal);
    await showHidden(git, { options, off });
    const pathspecs = [".", ...nested.map((path) => `:(top,exclude,literal)${path}`)];
    const input = new TextEncoder().encode(pathspecs.map((pathspec) => `${pathspec}\0`).join(""));
    const add = (more: string[], flags: string[] = []) =>
      git.try([...plain, ...more, "add", "--all", ...flags, "--pathspec-from-file=-", "--pathspec-file-nul"], {
        ...options,
        input,
      });
    const notes = unread === null ? [] : [`A directory cannot be read, so it was not saved: ${unread}`];
    const first = await add([]);
    // No other way of saving finds room either.
    if (troubleIn(first.stderr) === "disk-full") throw new GitError(["add"], first.code, first.stderr);
    if (first.code !== 0) {
      const added = await add(off, ["--ignore-errors"]);
      if (added.code !== 0) await addRaw(checkout, { options, off, nested, reason: added.stderr });
      notes.push("Some files were saved as they stand on disk, without their filters.");
    }
    return { tree: (await git.must([...off, "write-tree"], options)).stdout.trim(), note: notes.join(" ") || null };
  });
}
