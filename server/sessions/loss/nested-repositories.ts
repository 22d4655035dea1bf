import { type Checkout, inCheckout } from "./checkout";

export type NestedRepository = { path: string; kind: "submodule" | "nested" };

const maxOutputBytes = 16 * 1024 * 1024;

/**
 * Every repository below the session's directory: a submodule is one that the session's index names. `unread` says
 * which directory could not be read, and may hold more.
 */
export async function nestedRepositories(
  checkout: Checkout,
  signal: AbortSignal,
): Promise<{ repositories: NestedRepository[]; unread: string | null }> {
  const { host, git, directory, gitDir } = checkout;
  if (!directory) throw new Error("the session's directory is gone");
  if (!gitDir) throw new Error("git has no record of this worktree");
  const found = await host.run(["find", ".", "-mindepth", "2", "-name", ".git", "-prune", "-print0"], {
    cwd: directory,
    signal,
    maxOutputBytes,
  });
  if (found.code === null) throw new Error("the directories could not be listed in time");
  const unread = found.code === 0 ? null : firstLine(found.stderr);
  if (found.stdout.length >= maxOutputBytes) throw new Error("there are too many repositories to list");
  const paths = parseFound(new TextDecoder().decode(found.stdout));
  if (paths.length === 0) return { repositories: [], unread };
  const index = await git.must(["ls-files", "--stage", "-z"], {
    ...inCheckout(checkout, signal),
    maxOutputBytes: 64 * 1024 * 1024,
  });
  const submodules = parseSubmodules(index.stdout);
  return { repositories: paths.map((path) => ({ path, kind: submodules.has(path) ? "submodule" : "nested" })), unread };
}

/** `./a/b/.git` as `a/b`. */
export function parseFound(output: string): string[] {
  return output
    .split("\0")
    .filter((path) => path !== "")
    .map((path) => path.slice(2, -"/.git".length))
    .sort();
}

/** The paths that an index (`git ls-files --stage -z`) holds as commits of another repository. */
export function parseSubmodules(output: string): Set<string> {
  const records = output.split("\0").filter((record) => record.startsWith("160000 "));
  return new Set(records.map((record) => record.slice(record.indexOf("\t") + 1)));
}

const firstLine = (bytes: Uint8Array): string => new TextDecoder().decode(bytes).split("\n")[0] ?? "";
