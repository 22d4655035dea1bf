import { type Checkout, inCheckout, inClone } from "../loss/checkout";
import { findBranches } from "../loss/find-branches";
import { checkoutOf, done, type EndingContext, type EndingOutcome, neverMade, refused } from "./ending-context";
import { rescuePrefix } from "./rescue-refs";
import { saveWork } from "./save-work";
import { worktreeTree } from "./worktree-tree";

const tries = 3;

/**
 * Compares what was saved with what is there now, and that git can read all of it. Where the directory changed since,
 * it is saved again; where it keeps changing, or something is missing, nothing is removed.
 */
export async function verifySaved(context: EndingContext): Promise<EndingOutcome> {
  if (context.ending.keep === "nothing") return done();
  const checkout = await checkoutOf(context);
  if (!checkout) return done();
  let saved: { refs: string[]; outcome: EndingOutcome | null } = {
    refs: context.session.rescueRefs.map(({ ref }) => ref),
    outcome: null,
  };
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const fault = await findFault(context, checkout, saved.refs);
    if (fault === null) {
      if (saved.outcome?.kind === "done") return saved.outcome;
      return done("Everything saved was read back and compared.");
    }
    if (attempt === tries - 1) return refused(`${fault} Stop what changes the files, then end again.`);
    const outcome = await saveWork(context);
    if (outcome.kind !== "done") return outcome;
    saved = { refs: outcome.saved?.rescueRefs.map(({ ref }) => ref) ?? [], outcome };
  }
  return refused("The files keep changing.");
}

/** Null when all is safe. */
async function findFault(context: EndingContext, checkout: Checkout, refs: string[]): Promise<string | null> {
  const { deps, session } = context;
  const { git } = checkout;
  const { signal } = deps;
  const glob = `--glob=${rescuePrefix(session.shortId)}/*`;
  for (const ref of refs) {
    const found = await git.try(["rev-parse", "--quiet", "--verify", `${ref}^{commit}`], inClone(checkout, signal));
    if (found.code !== 0) return `The rescue ref ${ref} is not there.`;
  }
  const { tips, head } = await findBranches(deps, { checkout, session, signal });
  for (const sha of new Set([...tips.map((tip) => tip.sha), ...(head?.sha ? [head.sha] : [])])) {
    const left = await git.must(
      ["rev-list", "--count", sha, "--not", "--remotes", glob, "--"],
      inClone(checkout, signal),
    );
    if (Number(left.stdout) > 0) return `${left.stdout.trim()} commits of ${sha.slice(0, 10)} are not saved.`;
  }
  const whole = await git.try(["rev-list", "--quiet", "--objects", glob, "--not", "--remotes", "--"], {
    ...inClone(checkout, signal),
    timeoutMs: 1_800_000,
  });
  if (whole.code !== 0) return `What was saved cannot be read back: ${whole.stderr.trim()}`;
  if (!checkout.directory || !checkout.gitDir || neverMade(context)) return null;
  const ref = `${rescuePrefix(session.shortId)}/worktree`;
  const of = refs.includes(ref) ? ref : head?.sha;
  if (!of) return null;
  const expected = await git.must(["rev-parse", `${of}^{tree}`], inCheckout(checkout, signal));
  const { tree } = await worktreeTree(checkout, signal);
  return tree === expected.stdout.trim() ? null : "The files changed after they were saved.";
}
