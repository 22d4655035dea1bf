import { lastWords } from "../git/last-words";
import { asPerson, type Checkout } from "../loss/checkout";
import { findHead } from "../loss/find-branches";
import { lookAtOperation } from "../loss/look-at-operation";
import { nestedRepositories } from "../loss/nested-repositories";
import type { EndingContext } from "./ending-context";

/** A person's hook may run their tests. */
const limitMs = 1_800_000;

export type Committed = { state: "committed" | "nothing" } | { state: "refused"; reason: string };

/** Commits tracked and untracked files on the branch that is checked out, as the person's own git does: identity, signing, hooks. */
export async function commitAll({ deps, session }: EndingContext, checkout: Checkout): Promise<Committed> {
  const { signal } = deps;
  const { git } = checkout;
  const operation = await lookAtOperation(checkout, signal);
  if (operation) return refuse(`A ${operation} is in progress: finish or abort it in the terminal`);
  const head = await findHead(checkout, signal);
  if (!head?.branch) return refuse("No branch is checked out: check one out in the terminal (git switch -c <name>)");
  const options = { ...asPerson(checkout, signal), timeoutMs: limitMs };
  const { repositories } = await nestedRepositories(checkout, signal);
  const nested = repositories.filter(({ kind }) => kind === "nested").map(({ path }) => path);
  const pathspecs = [".", ...nested.map((path) => `:(top,exclude,literal)${path}`)];
  const input = new TextEncoder().encode(pathspecs.map((pathspec) => `${pathspec}\0`).join(""));
  const added = await git.try(["add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul"], { ...options, input });
  if (added.code !== 0) return refuse(`git add failed: ${lastWords(added.stderr)}`);
  const staged = await git.try(["diff", "--cached", "--quiet"], options);
  if (staged.code === 0) return { state: "nothing" };
  const message = `Work in progress of ${session.title || session.shortId}`;
  const made = await git.try(["commit", "--quiet", "--no-edit", "-m", message], options);
  if (made.code === 0) return { state: "committed" };
  return refuse(`git commit failed: ${lastWords(made.stderr) || lastWords(made.stdout)}`);
}

const refuse = (why: string): Committed => ({
  state: "refused",
  reason: `${why}, then end again. Or keep a rescue, which needs no commit.`,
});
