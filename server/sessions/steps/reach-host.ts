import { type CreationContext, done, failed, type StepOutcome } from "./creation-context";

/** What worktrees need of git came with 2.37. */
const least: [number, number] = [2, 37];

/** The host answers, has a git that will do, and the directories for worktrees. */
export async function reachHost({ deps, host }: CreationContext): Promise<StepOutcome> {
  const { signal } = deps;
  const { worktrees, uploads, ended } = host.paths();
  const [version, made] = await Promise.all([
    host.run(["git", "--version"], { signal }),
    host.run(["mkdir", "-p", "-m", "700", "--", worktrees, uploads, ended], { signal }),
  ]);
  const words = new TextDecoder().decode(version.stdout).trim();
  if (version.code !== 0)
    return failed(
      `Git does not run on this host (${new TextDecoder().decode(version.stderr).trim()}). Install it, then retry.`,
    );
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(words) ?? [];
  if (Number(major) < least[0] || (Number(major) === least[0] && Number(minor) < least[1]))
    return failed(`This host has ${words}. Trellis needs git ${least.join(".")} or newer: update it, then retry.`);
  if (made.code !== 0)
    return failed(`The directories for sessions cannot be made: ${new TextDecoder().decode(made.stderr).trim()}`);
  return done(words);
}
