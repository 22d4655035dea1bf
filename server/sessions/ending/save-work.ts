import type { Checkout } from "../loss/checkout";
import { nestedRepositories } from "../loss/nested-repositories";
import { commitAll } from "./commit-all";
import { checkoutOf, done, type EndingContext, type EndingOutcome, neverMade, refused } from "./ending-context";
import { pushBranches } from "./push-branches";
import { saveRescue } from "./save-rescue";

/** Saves what was asked for; whatever cannot be saved is said. Pushing rescues what it does not push. */
export async function saveWork(context: EndingContext): Promise<EndingOutcome> {
  const { keep } = context.ending;
  const checkout = await checkoutOf(context);
  if (!checkout) return withoutClone(context);
  if (keep === "nothing") return done("Nothing was saved, as asked.");
  if (!checkout.directory && keep === "commit-and-push" && !neverMade(context)) {
    return refused("The session's directory is gone: there is nothing to commit. Push, or keep a rescue.");
  }
  if (keep === "commit-and-push" && checkout.directory && !neverMade(context)) {
    const committed = await commitAll(context, checkout);
    if (committed.state === "refused") return refused(committed.reason);
  }
  const pushedBranches: string[] = [];
  if (keep !== "rescue") {
    const pushed = await pushBranches(context, checkout);
    if (pushed.state === "refused") return { kind: "refused", reason: pushed.reason, isPush: true };
    pushedBranches.push(...pushed.branches);
  }
  const work = neverMade(context) ? { ...checkout, directory: null, gitDir: null } : checkout;
  const { refs, notes } = await saveRescue(context, work, {
    onlyUnpushed: keep !== "rescue" || neverMade(context),
  });
  const details = [
    pushedBranches.length > 0 ? `Pushed ${pushedBranches.join(", ")}.` : null,
    refs.length > 0 ? `Saved ${refs.length} rescue refs.` : null,
    ...(neverMade(context) ? [] : notes),
    await otherRepositories(work, context.deps.signal),
  ].filter((words) => words !== null);
  return { kind: "done", detail: details.join(" ") || null, saved: { rescueRefs: refs, pushedBranches } };
}

/** Their commits are in repositories of their own, out of reach of any ref of ours. */
async function otherRepositories(checkout: Checkout, signal: AbortSignal): Promise<string | null> {
  if (!checkout.directory || !checkout.gitDir) return null;
  const { repositories } = await nestedRepositories(checkout, signal);
  if (repositories.length === 0) return null;
  const paths = repositories.slice(0, 10).map(({ path }) => path);
  const more = repositories.length > paths.length ? ` and ${repositories.length - paths.length} more` : "";
  return `Submodules and nested repositories stay in the directory set aside: ${paths.join(", ")}${more}.`;
}

function withoutClone(context: EndingContext): EndingOutcome {
  const { keep } = context.ending;
  if (neverMade(context)) return done("Nothing was made yet.");
  const gone = "The repository's clone is gone, so no commit can be saved or pushed";
  if (keep === "push" || keep === "commit-and-push") return refused(`${gone}. Keep a rescue: the files are set aside.`);
  return done(`${gone}; the files are set aside.`);
}
