import { AppError } from "../../domain/app-error";
import type { GitOptions } from "../git/git";
import type { Checkout } from "../loss/checkout";

const maxFiles = 1_000;

/**
 * Puts what `git add` could not take into a scratch index byte for byte. A file that cannot even be read stops the
 * ending: its owner must say what becomes of it.
 */
export async function addRaw(
  { git, host }: Checkout,
  { options, off, nested, reason }: { options: GitOptions; off: string[]; nested: string[]; reason: string },
): Promise<void> {
  const list = async (args: string[]) => (await git.must([...off, ...args], options)).stdout.split("\0").slice(0, -1);
  const changed = await list(["diff-files", "-z", "--name-only", "--diff-filter=MT"]);
  const untracked = await list(["ls-files", "-z", "--others", "--exclude-standard"]);
  const files = [...changed, ...untracked].filter((path) => !nested.some((each) => path.startsWith(`${each}/`)));
  if (files.length > maxFiles) throw new AppError("refused", `These files could not be saved: ${reason.trim()}`);
  for (const path of files) {
    const hashed = await git.try(["hash-object", "-w", "--no-filters", "--", path], options);
    if (hashed.code !== 0) {
      const words = `${path} cannot be saved: ${hashed.stderr.trim()}. Make it readable or move it away, then end again.`;
      throw new AppError("refused", words);
    }
    const executable = await host.run(["test", "-x", `./${path}`], { cwd: options.cwd });
    const mode = executable.code === 0 ? "100755" : "100644";
    const input = new TextEncoder().encode(`${mode} ${hashed.stdout.trim()} 0\t${path}\0`);
    await git.must([...off, "update-index", "-z", "--index-info"], { ...options, input });
  }
}
