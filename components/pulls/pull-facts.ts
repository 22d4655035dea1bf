import { listed, plural } from "@/components/ui/format";
import type { PullView } from "@/server/protocol/pulls";
import { pullName } from "./pull-look";

/** Those whose state is a session's: the open ones, without those that wait for an open parent unless there are only such. */
export function countingPulls(pulls: readonly PullView[]): PullView[] {
  const open = pulls.filter(({ state }) => state === "open");
  const standing = open.filter(({ stack }) => stack?.state !== "blocked");
  return standing.length > 0 ? standing : open;
}

/** Whether merging may be asked of the forge now, and why or why not: the forge has the last word. */
export function mergeWords(pull: PullView, parent: string | null): { may: boolean; words: string } {
  const base = pull.baseRef ?? "its base";
  if (pull.state === "merged") return { may: false, words: `It is merged into ${base}` };
  if (pull.state === "closed") return { may: false, words: "It was closed and not merged." };
  if (pull.state === "unknown") return { may: false, words: "Nothing is known of it yet." };
  if (pull.mergeable === "conflict")
    return { may: false, words: `It conflicts with ${base}. Solve that in the worktree and push.` };
  if (pull.stack?.state === "blocked")
    return { may: false, words: `It waits for ${parent ?? "its parent"}: the bottom of a stack merges first.` };
  if (pull.stack?.state === "needs-retarget" || pull.stack?.state === "orphaned")
    return {
      may: false,
      words: `${parent ?? "Its parent"} is over, and its branch is still the base. Retarget first.`,
    };
  return wordOf(pull, base);
}

function wordOf(pull: PullView, base: string): { may: boolean; words: string } {
  const { checks, review, mergeable } = pull;
  const clean = mergeable === "clean" ? `No conflict with ${base}.` : "";
  switch (pull.word) {
    case "ci_failed":
      return { may: false, words: `${plural(checks.failing.length, "check")} failed. ${clean}`.trim() };
    case "changes_requested": {
      const who = review.reviewers.filter(({ state }) => state === "changes-requested").map(({ name }) => name);
      return { may: false, words: `${listed(who) || "Somebody"} asked for changes. ${clean}`.trim() };
    }
    case "draft":
      return { may: false, words: `It is a draft. Mark it as ready at the forge. ${clean}`.trim() };
    case "review_pending": {
      const threads = review.unresolvedThreads ?? 0;
      const open = threads === 0 ? "It waits for a review." : `${plural(threads, "thread")} not resolved.`;
      return { may: false, words: `${open} ${clean}`.trim() };
    }
    case "approved":
      return { may: true, words: `${approvedWords(pull)} ${clean}`.trim() };
    case "mergeable":
      return { may: true, words: `Nothing is in the way. ${clean}`.trim() };
    case "pr_open":
    case null:
      return { may: false, words: openWords(pull, clean) };
  }
}

/** Approved, but not called mergeable: what is still missing, or not known. */
function approvedWords({ checks, mergeable }: PullView): string {
  if (checks.state === "pending") return `Approved; ${plural(checks.pending, "check")} still running.`;
  if (checks.state === "unknown" || mergeable === "unknown") return "Approved; the forge has not said all of the rest.";
  return mergeable === "blocked" ? "Approved; the forge may still refuse." : "Approved.";
}

function openWords({ checks, mergeable, lookFailure }: PullView, clean: string): string {
  if (lookFailure !== null) return "Not known to be mergeable: the last look at it failed.";
  if (checks.state === "pending") return `${plural(checks.pending, "check")} still running. ${clean}`.trim();
  if (checks.requiredMissing !== null && checks.requiredMissing.length > 0)
    return `Required and not passed: ${listed(checks.requiredMissing)}. ${clean}`.trim();
  if (mergeable === "blocked") return "The forge would refuse now, without saying why.";
  return `The forge has not called it mergeable yet. ${clean}`.trim();
}

/** A merged one of the session's own branch, where none is open: what is pushed there now is in no pull request. */
export function goneOn(pulls: readonly PullView[], branch: string): PullView | null {
  const own = pulls.filter(({ headRef }) => headRef === branch);
  if (own.some(({ state }) => state === "open")) return null;
  return own.find(({ state }) => state === "merged") ?? null;
}

/** What a push to branches that merged would come to; null where none of them did, or another is open from it. */
export function goneWords(pulls: readonly PullView[], branches: readonly string[]): string | null {
  const gone = [...new Set(branches)].flatMap((branch) => goneOn(pulls, branch) ?? []).map(pullName);
  if (gone.length === 0) return null;
  const [are, branch] = gone.length === 1 ? ["is", "this branch"] : ["are", "these branches"];
  return `${gone.join(" and ")} from ${branch} ${are} merged already: what you push goes to a branch that nobody merges any more.`;
}

/** Where a retarget would move it: the base of its parent where that is known, else the default branch. */
export function nextBase(pull: PullView, pulls: readonly PullView[], defaultBranch: string | null): string {
  const parent = pulls.find(({ url }) => url === pull.stack?.parentUrl);
  return parent?.baseRef ?? defaultBranch ?? "";
}

/** The short name of what is known by its address. */
export function namesOf(pulls: readonly PullView[]): (url: string) => string | null {
  const names = new Map(pulls.map((pull) => [pull.url, pullName(pull)]));
  return (url) => names.get(url) ?? null;
}
