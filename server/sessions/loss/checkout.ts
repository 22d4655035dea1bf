import { join } from "node:path/posix";
import type { Session, Worktree } from "../../domain/session";
import { clonePath } from "../git/clone-path";
import type { Git, GitOptions } from "../git/git";
import { gitOn } from "../git/git";
import type { Host } from "../host";
import { statPath } from "./stat-path";

/** Where the parts of a session's checkout are now, whatever was moved or removed since it was made. */
export type Checkout = {
  host: Host;
  git: Git;
  clone: string;
  /** Git's record of the worktree: HEAD, index, operations in progress. Null when git has none. */
  gitDir: string | null;
  /** Git's record still stands among the clone's worktrees. */
  recorded: boolean;
  /** The files: in their place, else set aside. Null when they are gone. */
  directory: string | null;
  /** The files are in their place. */
  inPlace: boolean;
};

/** While git's record is on its way into the directory set aside, it stands there under this name. */
export const movingRecord = ".git.trellis-moving";

export const setAsidePlace = (host: Host, session: Pick<Session, "shortId">): string =>
  join(host.paths().ended, session.shortId);

/**
 * Looks where everything is. Null when the repository has no clone. Git is told both places by its environment, so a
 * missing `.git` file never makes it climb into some other repository.
 */
export async function findCheckout(
  host: Host,
  { session, worktree, signal }: { session: Session; worktree: Worktree | null; signal: AbortSignal },
): Promise<Checkout | null> {
  const clone = clonePath(host, { id: session.repositoryId });
  if ((await statPath(host, join(clone, ".git"), signal)) !== "directory") return null;
  const git = gitOn(host);
  const nowhere: Checkout = { host, git, clone, gitDir: null, recorded: false, directory: null, inPlace: false };
  if (!worktree) return nowhere;
  const aside = worktree.setAsidePath ?? setAsidePlace(host, session);
  const inPlace = (await statPath(host, worktree.path, signal)) === "directory";
  const isAside = !inPlace && (await statPath(host, aside, signal)) === "directory";
  const directory = inPlace ? worktree.path : isAside ? aside : null;
  const record = await findRecord(host, { clone, path: worktree.path, signal });
  const gitDir = record ?? (isAside ? await recordInside(host, aside, signal) : null);
  return { ...nowhere, gitDir, recorded: record !== null, directory, inPlace };
}

/** Options for git commands about this checkout: its record and its files, named explicitly. */
export function inCheckout(checkout: Checkout, signal: AbortSignal, env: Record<string, string> = {}): GitOptions {
  const { gitDir, directory, clone } = checkout;
  return {
    cwd: directory ?? clone,
    signal,
    env: {
      ...(gitDir ? { GIT_DIR: gitDir } : { GIT_DIR: join(clone, ".git") }),
      ...(gitDir && directory ? { GIT_WORK_TREE: directory } : {}),
      ...env,
    },
  };
}

/** Options for git commands that run a person's hooks: found by the directory, as in their terminal, and never above it. */
export const asPerson = (
  { directory, clone }: Checkout,
  signal: AbortSignal,
  env: Record<string, string> = {},
): GitOptions => ({
  cwd: directory ?? clone,
  signal,
  env: { GIT_CEILING_DIRECTORIES: join(directory ?? clone, ".."), ...env },
});

/** Options for git commands about the clone itself. */
export const inClone = (checkout: Checkout, signal: AbortSignal): GitOptions => ({
  cwd: checkout.clone,
  signal,
  env: { GIT_DIR: join(checkout.clone, ".git") },
});

/** Git stores the real path of a worktree, which differs from ours where a parent is a link. */
async function findRecord(
  host: Host,
  { clone, path, signal }: { clone: string; path: string; signal: AbortSignal },
): Promise<string | null> {
  const records = join(clone, ".git", "worktrees");
  if ((await statPath(host, records, signal)) === null) return null;
  const real = await host.run(["realpath", "-m", "--", path], { signal, timeoutMs: 10_000 });
  if (real.code !== 0) throw new Error(`${path} cannot be resolved: ${new TextDecoder().decode(real.stderr).trim()}`);
  const names = [path, new TextDecoder().decode(real.stdout).trimEnd()].flatMap((name) => ["-e", join(name, ".git")]);
  const found = await host.run(
    [
      "find",
      records,
      "-mindepth",
      "2",
      "-maxdepth",
      "2",
      "-name",
      "gitdir",
      "-exec",
      "grep",
      "-lxF",
      ...names,
      "{}",
      ";",
    ],
    { signal, timeoutMs: 10_000 },
  );
  if (found.code !== 0) throw new Error(`Git's worktrees cannot be listed: ${new TextDecoder().decode(found.stderr)}`);
  const first = new TextDecoder().decode(found.stdout).split("\n")[0];
  return first ? join(first, "..") : null;
}

async function recordInside(host: Host, aside: string, signal: AbortSignal): Promise<string | null> {
  for (const name of [".git", movingRecord]) {
    if ((await statPath(host, join(aside, name), signal)) === "directory") return join(aside, name);
  }
  return null;
}
