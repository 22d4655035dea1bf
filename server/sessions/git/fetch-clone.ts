import type { Host } from "../host";
import type { FetchOutcome } from "./clone-queue";
import { credentialEnv } from "./credential-env";
import { detachClone } from "./detach-clone";
import { type Git, GitError, gitOn } from "./git";
import { lastWords } from "./last-words";
import { lookAtRemote } from "./look-at-remote";
import { quietLimit } from "./quiet-limit";
import { troubleIn } from "./trouble";

const limitMs = 3_600_000;
const quietMs = 45_000;

/**
 * The latest of the remote, and what its HEAD names now. A remote that cannot be had is an outcome: the caller may go on
 * with what the clone has. A lock is thrown, for the clone's queue to wait for.
 */
export async function fetchClone(
  host: Host,
  clone: { path: string; url: string; secret: string | null },
  signal: AbortSignal,
): Promise<FetchOutcome> {
  const git = gitOn(host, signal);
  const cwd = clone.path;
  const [failure, remote, before, detached] = await Promise.all([
    fetchAll(host, clone, signal),
    lookAtRemote(host, clone, signal),
    remoteHead(git, cwd),
    git.try(["symbolic-ref", "--quiet", "HEAD"], { cwd }).then(({ code }) => code === 1),
  ]);
  if (failure !== null) return { state: "failed", reason: failure };
  if (!detached) await detachClone(git, cwd);
  const now = remote.state === "there" && remote.defaultBranch !== null ? remote.defaultBranch : before;
  if (now !== before && now !== null)
    await git.must(["symbolic-ref", "refs/remotes/origin/HEAD", `refs/remotes/origin/${now}`], { cwd });
  return { state: "fetched", remoteHead: { before, now } };
}

/** What the remote's HEAD named when it was last seen; null when it was never seen to name a branch. */
export async function remoteHead(git: Git, cwd: string): Promise<string | null> {
  const head = await git.try(["symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"], { cwd });
  return head.code === 0 ? head.stdout.trim().replace(/^refs\/remotes\/origin\//, "") : null;
}

/** Null when it went well, else why it did not. */
async function fetchAll(
  host: Host,
  { path, url, secret }: { path: string; url: string; secret: string | null },
  signal: AbortSignal,
): Promise<string | null> {
  const quiet = quietLimit(quietMs, signal);
  const args = ["fetch", "--progress", "--prune", "--no-auto-maintenance", "--no-recurse-submodules"];
  try {
    await gitOn(host, signal).must([...args, "--no-write-fetch-head", "origin"], {
      cwd: path,
      env: credentialEnv(url, secret),
      timeoutMs: limitMs,
      maxOutputBytes: 64 * 1_024,
      ...quiet.options,
    });
    return null;
  } catch (error) {
    if (quiet.wasQuiet()) return `git printed nothing for ${quietMs / 1_000} s`;
    if (!(error instanceof GitError) || troubleIn(error.output) === "lock") throw error;
    return lastWords(error.output);
  } finally {
    quiet.close();
  }
}
