import { type Checkout, inCheckout } from "../loss/checkout";
import { filtersOff } from "../loss/filters-off";
import { withScratchIndex } from "./scratch-index";

/** What is staged, as a tree. `note` says where it is not the whole truth; `tree` is null when it cannot be made. */
export async function indexTree(
  checkout: Checkout,
  signal: AbortSignal,
): Promise<{ tree: string | null; note: string | null }> {
  return withScratchIndex(checkout, signal, async (env) => {
    const { git } = checkout;
    const options = inCheckout(checkout, signal, env);
    const off = await filtersOff(checkout, signal);
    const written = await git.try([...off, "write-tree"], options);
    if (written.code === 0) return { tree: written.stdout.trim(), note: null };
    const unmerged = parseUnmerged((await git.must(["ls-files", "--unmerged", "-z"], options)).stdout);
    if (unmerged.length > 0) {
      const input = new TextEncoder().encode(unmerged.map(asResolved).join(""));
      await git.must([...off, "update-index", "-z", "--index-info"], { ...options, input });
      const again = await git.try([...off, "write-tree"], options);
      const note = `${unmerged.length} files in conflict stand in the saved index as one side has them.`;
      if (again.code === 0) return { tree: again.stdout.trim(), note };
    }
    return { tree: null, note: `What was staged could not be saved apart: ${written.stderr.trim()}` };
  });
}

type Unmerged = { mode: string; sha: string; stage: number; path: string };

/** One entry for each path in conflict: our side, else theirs, else the base. Pure. */
export function parseUnmerged(output: string): Unmerged[] {
  const best = new Map<string, Unmerged>();
  const preference = [2, 3, 1];
  for (const record of output.split("\0").filter((each) => each !== "")) {
    const [mode = "", sha = "", stage = ""] = record.slice(0, record.indexOf("\t")).split(" ");
    const entry = { mode, sha, stage: Number(stage), path: record.slice(record.indexOf("\t") + 1) };
    const known = best.get(entry.path);
    if (!known || preference.indexOf(entry.stage) < preference.indexOf(known.stage)) best.set(entry.path, entry);
  }
  return [...best.values()];
}

/** Removes all stages of the path, then adds the one. */
const asResolved = ({ mode, sha, path }: Unmerged): string =>
  `0 ${"0".repeat(sha.length)}\t${path}\0${mode} ${sha} 0\t${path}\0`;
