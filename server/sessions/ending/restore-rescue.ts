import { join } from "node:path/posix";
import { AppError } from "../../domain/app-error";
import { hostRefOf } from "../../domain/host";
import type { Session, Worktree } from "../../domain/session";
import { type Checkout, findCheckout, inCheckout, inClone } from "../loss/checkout";
import { filtersOff } from "../loss/filters-off";
import type { SessionDeps } from "../session-deps";
import { beingMade } from "../steps/worktree-plan";
import { parseEmptyDirectories } from "./empty-directories";
import { mustRun } from "./move-directory";
import { rescuePart } from "./rescue-refs";
import { restoredBranches } from "./restored-branches";
import { worktreeTree } from "./worktree-tree";

type Saved = Map<string, string>;

/**
 * Puts what an ended session saved into the worktree of a new one: its head as the branch's commits, its files as
 * uncommitted changes, staged what was staged, its other branches as children of the new session's. The rescue refs
 * stay. May be repeated until the worktree is complete; after that a directory with work in it is refused.
 */
export async function restoreRescue(
  deps: SessionDeps,
  { session, worktree, from, cwd }: { session: Session; worktree: Worktree; from: Session; cwd: string },
): Promise<{ detail: string }> {
  const { signal } = deps;
  if (from.repositoryId !== session.repositoryId) {
    throw new AppError("refused", "A rescue can only be restored into a session of the same repository.");
  }
  const checkout = await findCheckout(deps.host(hostRefOf(session)), { session, worktree, signal });
  if (!checkout?.gitDir || !checkout.inPlace || checkout.directory !== cwd) {
    throw new AppError("refused", `There is no worktree at ${cwd} to restore into.`);
  }
  const saved: Saved = new Map();
  for (const { ref, sha } of from.rescueRefs) {
    const part = rescuePart(from.shortId, ref);
    if (part === null) continue;
    const found = await checkout.git.try(
      ["rev-parse", "--quiet", "--verify", `${sha}^{commit}`],
      inClone(checkout, signal),
    );
    if (found.code !== 0) throw new AppError("refused", `The rescue ref ${ref} cannot be read any more.`);
    saved.set(part, sha);
  }
  if (saved.size === 0) return { detail: `Nothing was saved of ${from.shortId}, so there was nothing to restore.` };
  const said = [
    ...(await restoreDirectory(checkout, { session, saved, signal })),
    ...(await restoreBranches(checkout, { session, from, saved, signal })),
    ...[...saved.keys()]
      .filter((part) => part.startsWith("stashes/"))
      .map((part) => `A stash stands at ${part} of the rescue.`),
  ];
  return { detail: `Restored from ${from.shortId}: ${said.join(" ")}` };
}

async function restoreDirectory(
  checkout: Checkout,
  { session, saved, signal }: { session: Session; saved: Saved; signal: AbortSignal },
): Promise<string[]> {
  const { git } = checkout;
  const head = saved.get("head");
  const files = saved.get("worktree") ?? saved.get("index") ?? head;
  if (!files) return [];
  if (await isComplete(checkout, signal)) await mustBeClean(checkout, signal);
  const options = inCheckout(checkout, signal);
  if (head) {
    await git.must(["symbolic-ref", "HEAD", `refs/heads/${session.branch}`], options);
    await git.must(["update-ref", `refs/heads/${session.branch}`, head], options);
  }
  await readInto(checkout, files, signal);
  await git.must(["read-tree", saved.get("index") ?? "HEAD"], options);
  // Exit 1 says that files differ from what is staged, as they should.
  await git.try(["update-index", "-q", "--refresh"], options);
  for (const path of saved.has("worktree") ? await emptyOnes(checkout, files, signal) : []) {
    await mustRun(checkout.host, ["mkdir", "-p", "--", join(checkout.directory ?? "", path)]);
  }
  const { tree } = await worktreeTree(checkout, signal);
  const expected = (await git.must(["rev-parse", `${files}^{tree}`], options)).stdout.trim();
  return [
    head ? `the branch is at ${head.slice(0, 10)}.` : "the files.",
    ...(tree === expected ? [] : ["Some files differ from what was saved: look at the rescue ref beside them."]),
  ];
}

/** Also over what an earlier attempt left. */
async function readInto(checkout: Checkout, tree: string, signal: AbortSignal): Promise<void> {
  const options = { ...inCheckout(checkout, signal), timeoutMs: 3_600_000 };
  const read = (more: string[]) => [...more, "read-tree", "--reset", "-u", tree];
  if ((await checkout.git.try(read([]), options)).code === 0) return;
  await checkout.git.must(read(await filtersOff(checkout, signal)), options);
}

/** While it is being made nobody works in it; its maker's lock says so. */
async function isComplete({ host, gitDir }: Checkout, signal: AbortSignal): Promise<boolean> {
  const lock = await host.run(["cat", "--", `${gitDir}/locked`], { signal });
  return new TextDecoder().decode(lock.stdout).trim() !== beingMade;
}

async function mustBeClean(checkout: Checkout, signal: AbortSignal): Promise<void> {
  const status = await checkout.git.must(["status", "--porcelain", "-z"], inCheckout(checkout, signal));
  if (status.stdout === "") return;
  throw new AppError("refused", "The worktree has changes of its own: restoring would overwrite them.");
}

async function emptyOnes(checkout: Checkout, commit: string, signal: AbortSignal): Promise<string[]> {
  const args = ["show", "--no-patch", "--format=%B", commit, "--"];
  const shown = await checkout.git.must(args, inClone(checkout, signal));
  return parseEmptyDirectories(shown.stdout);
}

async function restoreBranches(
  checkout: Checkout,
  { session, from, saved, signal }: { session: Session; from: Session; saved: Saved; signal: AbortSignal },
): Promise<string[]> {
  const { git } = checkout;
  const said: string[] = [];
  const tips = [...saved].filter(([part]) => part.startsWith("branches/"));
  const wanted = restoredBranches({
    from: from.branch,
    to: session.branch,
    head: saved.get("head") ?? null,
    tips: tips.map(([part, sha]) => ({ branch: part.slice("branches/".length), sha })),
  });
  for (const { branch, was, sha } of wanted) {
    const ref = `refs/heads/${branch}`;
    const there = await git.try(["rev-parse", "--quiet", "--verify", ref], inClone(checkout, signal));
    if (there.code === 0 && there.stdout.trim() !== sha) continue; // made since, by whoever works there
    await git.must(["update-ref", ref, sha], inClone(checkout, signal));
    said.push(`${was} is ${branch}.`);
  }
  return said;
}
