import { dirname, join } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { copyPathProblem } from "../reconcile/copy-path";
import { type CreationContext, done, failed, type StepOutcome } from "./creation-context";

/**
 * What git ignores and a session needs, from the repository's own directory (or the clone's). Never from outside of it
 * and never to outside of the worktree, wherever symlinks lead. What is not there is told, and is no failure.
 */
export async function copyFiles(context: CreationContext): Promise<StepOutcome> {
  const { deps, session, repository, host, queue } = context;
  const paths = repository.settings.copyFiles;
  if (paths.length === 0) return done("None");
  const from = directoryOf(repository.cloneUrl) ?? queue.path;
  const to = join(host.paths().worktrees, session.shortId);
  const notes: string[] = [];
  let copied = 0;
  for (const path of paths) {
    const result = copyPathProblem(path) ?? (await copyOne(context, { from, to, path }));
    if (result === null) copied += 1;
    else if (result instanceof Error) return failed(`\`${path}\` could not be copied: ${result.message}`);
    else notes.push(`\`${path}\`: ${result}`);
    deps.signal.throwIfAborted();
  }
  return done([`Copied ${copied} of ${paths.length} from ${from}.`, ...notes].join("\n"));
}

function directoryOf(cloneUrl: string): string | null {
  if (cloneUrl.startsWith("/")) return cloneUrl.replace(/\/\.git$/, "") || "/";
  return cloneUrl.startsWith("file:///") ? fileURLToPath(cloneUrl).replace(/\/\.git$/, "") : null;
}

/** Null when copied, words when it is left out, an Error when it should have been copied and was not. */
async function copyOne(
  { deps, host, heavy }: CreationContext,
  { from, to, path }: { from: string; to: string; path: string },
): Promise<null | string | Error> {
  const run = (argv: string[]) => host.run(argv, { signal: deps.signal, timeoutMs: 600_000 });
  const real = async (target: string, mode: "-e" | "-m") => {
    const found = await run(["realpath", mode, "-z", "--", target]);
    return found.code === 0 ? new TextDecoder().decode(found.stdout).replace(/\0$/, "") : null;
  };
  const [root, source, worktree] = [await real(from, "-e"), await real(join(from, path), "-e"), await real(to, "-e")];
  if (root === null || source === null) return "is not there";
  if (worktree === null) return new Error(`${to} is not there`);
  if (!source.startsWith(`${root.replace(/\/$/, "")}/`)) return "leads out of the repository and is left out";
  const target = join(to, path).replace(/\/+$/, "");
  const parent = await real(dirname(target), "-m");
  if (parent === null || !`${parent}/`.startsWith(`${worktree}/`))
    return "would lead out of the worktree and is left out";
  const isDirectory = (await run(["test", "-d", source])).code === 0;
  if (!isDirectory && (await run(["test", "-f", source])).code !== 0) return "is no file and no directory";
  if (isDirectory && (await run(["test", "-L", target])).code === 0) return "is a link in the worktree and is left out";
  const copied = await heavy(async () => {
    const made = await run(["mkdir", "-p", "--", isDirectory ? target : dirname(target)]);
    if (made.code !== 0) return made;
    return isDirectory
      ? run(["cp", "-RPp", "--remove-destination", "--", `${source}/.`, target])
      : run(["cp", "-Pp", "--remove-destination", "-T", "--", source, target]);
  });
  return copied.code === 0 ? null : new Error(new TextDecoder().decode(copied.stderr).trim().slice(0, 1_000));
}
