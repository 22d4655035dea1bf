import type { RescueRef } from "../../domain/session";
import { type Checkout, inCheckout, inClone } from "../loss/checkout";
import { findBranches } from "../loss/find-branches";
import { findStashes } from "../loss/find-stashes";
import { emptyDirectories, emptyDirectoryLines } from "./empty-directories";
import type { EndingContext } from "./ending-context";
import { indexTree } from "./index-tree";
import { operationCommits } from "./operation-commits";
import { rescuePrefix, updateRefsInput } from "./rescue-refs";
import { worktreeTree } from "./worktree-tree";

export type Rescue = { refs: RescueRef[]; notes: string[] };

/**
 * Saves by plumbing all that refs can hold, without touching a branch, the index, a file or `refs/stash`. With
 * `onlyUnpushed` what a remote has, and a directory as clean as its commit, gets no ref. Saving again gives the same refs.
 */
export async function saveRescue(
  context: EndingContext,
  checkout: Checkout,
  { onlyUnpushed }: { onlyUnpushed: boolean },
): Promise<Rescue> {
  const { deps, session, queue } = context;
  const { signal } = deps;
  const { tips, head } = await findBranches(deps, { checkout, session, signal });
  const stashes = await findStashes(deps, { checkout, session, signal });
  const work = await saveDirectory(context, checkout, head?.sha ?? null);
  const isDirty = work.refs.length > 0 && work.isDirty;
  const operation = await operationCommits(checkout, signal);
  const wanted = [
    ...(head?.sha ? [{ name: "head", sha: head.sha, always: isDirty || !onlyUnpushed }] : []),
    ...tips.map(({ branch, sha }) => ({ name: `branches/${branch}`, sha, always: !onlyUnpushed })),
    ...stashes.map(({ sha }, index) => ({ name: `stashes/${index}`, sha, always: true })),
    ...operation.map(({ name, sha }) => ({ name: `operation/${name}`, sha, always: false })),
  ];
  const kept: { name: string; sha: string }[] = [];
  for (const { name, sha, always } of wanted) {
    if (always || (await isUnpushed(checkout, sha, signal))) kept.push({ name, sha });
  }
  if (!onlyUnpushed || isDirty) kept.push(...work.refs);
  const refs = kept.map(({ name, sha }) => ({ ref: `${rescuePrefix(session.shortId)}/${name}`, sha }));
  if (refs.length > 0) {
    const input = updateRefsInput(refs);
    await queue.run(() => checkout.git.must(["update-ref", "--stdin", "-z"], { ...inClone(checkout, signal), input }));
  }
  return { refs, notes: work.notes };
}

async function isUnpushed(checkout: Checkout, sha: string, signal: AbortSignal): Promise<boolean> {
  const beyond = ["rev-list", "--count", sha, "--not", "--remotes", "--"];
  const counted = await checkout.git.must(beyond, inClone(checkout, signal));
  return Number(counted.stdout) > 0;
}

type Directory = { refs: { name: string; sha: string }[]; isDirty: boolean; notes: string[] };

/** The index and the directory as two commits on HEAD: the directory's also names the index, so one ref leads to all. */
async function saveDirectory(context: EndingContext, checkout: Checkout, head: string | null): Promise<Directory> {
  const { signal } = context.deps;
  if (!checkout.gitDir)
    return { refs: [], isDirty: false, notes: ["Git had no record of the worktree: only branches could be saved."] };
  const commit = await committer(context, checkout);
  const index = await indexTree(checkout, signal);
  const notes = [index.note];
  const refs: Directory["refs"] = [];
  const parents = head ? [head] : [];
  if (index.tree) {
    const sha = await commit(index.tree, { parents, message: `Trellis rescue of ${context.session.shortId}: index\n` });
    refs.push({ name: "index", sha });
  }
  const trees = [index.tree];
  if (checkout.directory) {
    const { tree, note } = await worktreeTree(checkout, signal);
    const empty = await emptyDirectories(checkout, signal);
    const message = `Trellis rescue of ${context.session.shortId}: worktree\n\n${emptyDirectoryLines(empty)}`;
    const sha = await commit(tree, { parents: [...parents, ...refs.map((ref) => ref.sha)], message });
    refs.push({ name: "worktree", sha });
    trees.push(tree);
    notes.push(note);
  } else notes.push("The directory was gone: what was staged and committed is saved, its files could not be.");
  const clean = head
    ? (await checkout.git.must(["rev-parse", `${head}^{tree}`], inCheckout(checkout, signal))).stdout.trim()
    : null;
  return { refs, isDirty: trees.some((tree) => tree !== clean), notes: notes.filter((note) => note !== null) };
}

/** The time of the request dates the commits, so that saving the same again makes the same commits. */
async function committer({ deps, session, ending }: EndingContext, checkout: Checkout) {
  const { name, email } = await deps.identity(session.userId);
  const at = `@${Math.floor(ending.requestedAt.getTime() / 1_000)} +0000`;
  const env = {
    ...{
      GIT_AUTHOR_NAME: name || session.username,
      GIT_AUTHOR_EMAIL: email || "trellis@localhost",
      GIT_AUTHOR_DATE: at,
    },
    ...{ GIT_COMMITTER_NAME: name || session.username, GIT_COMMITTER_EMAIL: email || "trellis@localhost" },
    GIT_COMMITTER_DATE: at,
  };
  return async (tree: string, { parents, message }: { parents: string[]; message: string }): Promise<string> => {
    const made = await checkout.git.must(
      ["commit-tree", "--no-gpg-sign", tree, ...parents.flatMap((parent) => ["-p", parent])],
      { ...inCheckout(checkout, deps.signal, env), input: new TextEncoder().encode(message) },
    );
    return made.stdout.trim();
  };
}
