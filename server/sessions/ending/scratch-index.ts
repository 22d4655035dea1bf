import { randomBytes } from "node:crypto";
import { type Checkout, inCheckout } from "../loss/checkout";
import { statPath } from "../loss/stat-path";

/**
 * A copy of the worktree's index for us alone: what is done to it changes nothing that the person sees. It keeps the
 * index's time, by which git knows that a file changed within the same second must be read.
 */
export async function withScratchIndex<T>(
  checkout: Checkout,
  signal: AbortSignal,
  work: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const { host, gitDir, git } = checkout;
  if (!gitDir) throw new Error("git has no record of this worktree");
  const path = `${gitDir}/trellis-index-${randomBytes(6).toString("hex")}`;
  const env = { GIT_INDEX_FILE: path };
  try {
    if ((await statPath(host, `${gitDir}/index`, signal)) === null) {
      await git.must(["read-tree", "--empty"], inCheckout(checkout, signal, env));
    } else {
      const copied = await host.run(["cp", "--preserve=timestamps", "--", `${gitDir}/index`, path], {
        signal,
        timeoutMs: 600_000,
      });
      if (copied.code !== 0) throw new Error(new TextDecoder().decode(copied.stderr).trim());
    }
    return await work(env);
  } finally {
    // What a host that went away leaves lies in git's record of the worktree, and goes with it.
    await host.run(["rm", "-f", "--", path, `${path}.lock`]).catch(() => {});
  }
}
