import type { FileList } from "../../domain/loss";
import { type Checkout, inCheckout } from "./checkout";
import { filtersOff } from "./filters-off";
import { parseStatus } from "./parse-status";
import { sizesOf } from "./sizes-of";

const maxOutputBytes = 64 * 1024 * 1024;
const maxNames = 200;

/** Changed, untracked and ignored files. Sizes come from the file system's own records: no file is read. */
export async function lookAtFiles(
  checkout: Checkout,
  signal: AbortSignal,
): Promise<{ changed: FileList; untracked: FileList; ignored: FileList }> {
  const { git, host, directory, gitDir } = checkout;
  if (!directory) throw new Error("the session's directory is gone");
  if (!gitDir) throw new Error("git has no record of this worktree");
  const args = [
    ...["-c", "core.fsmonitor=false", "status", "--porcelain=v2", "-z", "--no-renames"],
    ...["--untracked-files=all", "--ignored=matching", "--ignore-submodules=dirty"],
  ];
  const options = { ...inCheckout(checkout, signal), maxOutputBytes };
  const first = await git.try(args, options);
  // A filter that cannot run must not hide what changed.
  const { bytes, stdout } =
    first.code === 0 ? first : await git.must([...(await filtersOff(checkout, signal)), ...args], options);
  if (bytes.length >= maxOutputBytes) throw new Error("there are too many files to list");
  const { changed, untracked, ignored } = parseStatus(stdout);
  const list = async (paths: string[], sized: string[]): Promise<FileList> =>
    fileList(paths, await sizesOf(host, directory, { paths: sized, signal }));
  const paths = changed.map(({ path }) => path);
  const onDisk = changed.filter((file) => file.onDisk).map(({ path }) => path);
  return {
    changed: await list(paths, onDisk),
    untracked: await list(untracked, untracked),
    ignored: await list(ignored, ignored),
  };
}

/** The sum is null as soon as one size is, for files that may still be there. */
function fileList(paths: string[], sizes: Map<string, number | null>): FileList {
  const all = paths.map((path) => ({ path, bytes: sizes.get(path) ?? null }));
  const unknown = [...sizes.values()].includes(null);
  const bytes = unknown ? null : all.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  const names = all.sort((a, b) => (b.bytes ?? -1) - (a.bytes ?? -1) || (a.path < b.path ? -1 : 1)).slice(0, maxNames);
  return { count: paths.length, bytes, names };
}
