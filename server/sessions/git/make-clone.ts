import { randomBytes } from "node:crypto";
import { basename, dirname } from "node:path/posix";
import type { Host } from "../host";
import type { CloneProgress } from "../repositories";
import { cloneProgress } from "./clone-progress";
import { credentialEnv } from "./credential-env";
import { detachClone } from "./detach-clone";
import { GitError, gitOn } from "./git";
import { quietLimit } from "./quiet-limit";

/** A person who runs `git gc` in a worktree uses this configuration too, so that what is needed stays. */
const configuration: [string, string][] = [
  ["extensions.worktreeConfig", "true"],
  ["gc.auto", "0"],
  ["gc.pruneExpire", "never"],
  ["gc.worktreePruneExpire", "never"],
  ["gc.reflogExpireUnreachable", "never"],
];

const limitMs = 12 * 3_600_000;
const quietMs = 15 * 60_000;

/**
 * The clone at `path`, complete or not there at all: it is made beside it and renamed at the end. What a killed attempt
 * left goes first. Not bare, detached, without a local branch, nothing checked out.
 */
export async function makeClone(
  host: Host,
  wanted: { url: string; secret: string | null; path: string; onProgress: (progress: CloneProgress) => void },
  signal: AbortSignal,
): Promise<void> {
  const { url, secret, path, onProgress } = wanted;
  const git = gitOn(host, signal);
  const parent = dirname(path);
  await host.run(["mkdir", "-p", "--", parent], { signal });
  await clearAttempts(host, path, signal);
  const attempt = `${path}.tmp-${randomBytes(4).toString("hex")}`;
  const quiet = quietLimit(quietMs, signal);
  try {
    await git.must(["clone", "--progress", "--no-checkout", "--origin", "origin", "--", url, attempt], {
      cwd: parent,
      env: credentialEnv(url, secret),
      timeoutMs: limitMs,
      maxOutputBytes: 64 * 1_024,
      ...quiet.options,
      onOutput: (stream, bytes) => {
        quiet.options.onOutput(stream, bytes);
        const progress = cloneProgress(new TextDecoder().decode(bytes));
        if (progress) onProgress(progress);
      },
    });
  } catch (error) {
    if (quiet.wasQuiet()) throw new GitError(["clone"], null, `git printed nothing for ${quietMs / 60_000} minutes`);
    throw error;
  } finally {
    quiet.close();
  }
  for (const [key, value] of configuration) await git.must(["config", key, value], { cwd: attempt });
  await detachClone(git, attempt);
  const moved = await host.run(["mv", "-T", "--", attempt, path], { signal });
  if (moved.code !== 0) throw new GitError(["clone"], moved.code, new TextDecoder().decode(moved.stderr));
}

async function clearAttempts(host: Host, path: string, signal: AbortSignal): Promise<void> {
  const pattern = `${basename(path)}.tmp-*`;
  await host.run(
    [
      "find",
      dirname(path),
      "-mindepth",
      "1",
      "-maxdepth",
      "1",
      "-name",
      pattern,
      "-exec",
      "rm",
      "-rf",
      "--",
      "{}",
      "+",
    ],
    { signal, timeoutMs: 600_000 },
  );
}
