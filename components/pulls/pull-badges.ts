import {
  CircleCheck,
  CircleMinus,
  CircleQuestionMark,
  CircleX,
  CornerDownRight,
  GitMerge,
  GitPullRequestDraft,
  LoaderCircle,
  Lock,
  type LucideIcon,
  MessageSquareWarning,
  RefreshCw,
  TriangleAlert,
  Unlink,
  UserCheck,
} from "lucide-react";
import type { Tone } from "@/components/ui/badge";
import { listed, plural } from "@/components/ui/format";
import type { PullView } from "@/server/protocol/pulls";

export type PullBadge = {
  key: string;
  word: string;
  icon: LucideIcon;
  tone: Tone;
  turning?: boolean;
  tooltip: string;
};

/**
 * What stands beside the title of one: draft, checks with their counts, review, whether it can be merged, its stack.
 * `nameOf` gives the number of a pull request that is known by its address. What is over has no badges.
 */
export function pullBadges(pull: PullView, nameOf: (url: string) => string | null): PullBadge[] {
  if (pull.state === "unknown")
    return [unknownBadge("facts", "Nothing known", "No look at it succeeded: its forge may have to be added")];
  if (pull.state !== "open") return [];
  return [
    ...(pull.draft ? [draft] : []),
    ...checkBadges(pull),
    ...reviewBadges(pull),
    ...mergeBadges(pull),
    ...stackBadges(pull, nameOf),
  ];
}

const draft: PullBadge = {
  key: "draft",
  word: "Draft",
  icon: GitPullRequestDraft,
  tone: "draft",
  tooltip: "Its author says that it is not ready",
};

function unknownBadge(key: string, word: string, tooltip: string): PullBadge {
  return { key, word, icon: CircleQuestionMark, tone: "unknown", tooltip };
}

/** What failed, what runs, what passed: each with its count, the passed ones in full only where they stand alone. */
function checkBadges({ checks, lookFailure }: PullView): PullBadge[] {
  if (checks.state === "unknown")
    return [
      unknownBadge("checks", "Checks unknown", lookFailure?.reason ?? "The forge did not tell of checks on this head"),
    ];
  if (checks.state === "none")
    return [
      {
        key: "checks",
        word: "No checks",
        icon: CircleMinus,
        tone: "neutral",
        tooltip: "The forge lists none for this head",
      },
    ];
  const { failing, pending, passed } = checks;
  const total = failing.length + pending + passed;
  const badges: PullBadge[] = [];
  if (failing.length > 0) {
    const names = listed(
      failing.map(({ name }) => name),
      5,
    );
    const tooltip = `${failing.length} of ${plural(total, "check")} failed: ${names}`;
    badges.push({ key: "failing", word: `${failing.length} failing`, icon: CircleX, tone: "failing", tooltip });
  }
  if (pending > 0) {
    const tooltip = `${total - pending} of ${total} done`;
    badges.push({
      ...{ key: "pending", word: `${pending} pending`, icon: LoaderCircle, tone: "pending" },
      ...{ turning: true, tooltip },
    });
  }
  if (passed > 0) {
    const word = badges.length > 0 ? `${passed} passing` : plural(passed, "check");
    const tooltip = badges.length > 0 ? `${passed} of ${plural(total, "check")} passed` : "All checks passed";
    badges.push({ key: "passing", word, icon: CircleCheck, tone: "passing", tooltip });
  }
  return badges;
}

function reviewBadges({ review, lookFailure }: PullView): PullBadge[] {
  const threads = review.unresolvedThreads ?? 0;
  const open = threads === 0 ? "" : `: ${plural(threads, "thread")}`;
  const said = (state: string) => review.reviewers.filter((each) => each.state === state).map(({ name }) => name);
  const names = (state: string) => (said(state).length > 2 ? `${said(state).length} reviewers` : listed(said(state)));
  switch (review.state) {
    case "unknown":
      return [unknownBadge("review", "Review unknown", lookFailure?.reason ?? "The forge did not tell of reviews")];
    case "changes-requested": {
      const who = names("changes-requested");
      return [attention("review", { word: `${who}${open}`, icon: MessageSquareWarning }, `${who} asked for changes`)];
    }
    case "pending": {
      const who = names("pending");
      const word = who === "" ? "Review wanted" : `Waits for ${who}`;
      const tooltip = who === "" ? "The forge wants an approval" : `${who} was asked for a review`;
      return [{ key: "review", word: `${word}${open}`, icon: MessageSquareWarning, tone: "pending", tooltip }];
    }
    case "approved": {
      const who = names("approved");
      const approved: PullBadge = {
        ...{ key: "review", word: `Approved by ${who}`, icon: UserCheck, tone: "passing" },
        tooltip: `${listed(said("approved"))} approved`,
      };
      return [approved, ...threadBadge(threads)];
    }
    case "none":
      return threadBadge(threads);
  }
}

function threadBadge(threads: number): PullBadge[] {
  if (threads === 0) return [];
  const word = `${plural(threads, "thread")} open`;
  return [{ key: "threads", word, icon: MessageSquareWarning, tone: "pending", tooltip: "Not resolved yet" }];
}

function mergeBadges({ mergeable, baseRef, autoMerge }: PullView): PullBadge[] {
  const auto: PullBadge = {
    ...{ key: "auto", word: "Merges by itself", icon: GitMerge, tone: "neutral" },
    tooltip: "Auto-merge is on at the forge",
  };
  const rest = autoMerge ? [auto] : [];
  if (mergeable !== "conflict") return rest;
  const word = { word: "Conflict", icon: TriangleAlert, tone: "failing" } as const;
  return [{ key: "conflict", ...word, tooltip: `Conflicts with ${baseRef ?? "its base"}` }, ...rest];
}

function stackBadges({ stack, baseRef }: PullView, nameOf: (url: string) => string | null): PullBadge[] {
  if (stack === null) return [];
  const parent = stack.parentUrl === null ? null : nameOf(stack.parentUrl);
  const who = parent ?? "its parent";
  switch (stack.state) {
    case "blocked":
      return [
        {
          ...{ key: "stack", word: `Blocked by ${who}`, icon: Lock, tone: "neutral" },
          tooltip: `${parent ?? "Its parent"} is open and merges first`,
        },
      ];
    case "orphaned":
      return [
        attention(
          "stack",
          { word: "Parent closed", icon: Unlink },
          `${who} was closed unmerged. Retarget moves this to another base`,
        ),
      ];
    case "needs-retarget":
      return [
        attention(
          "stack",
          { word: "Retarget", icon: CornerDownRight },
          `${who} merged, but the base is still ${baseRef ?? "its branch"}`,
        ),
      ];
    case "cycle":
      return [
        attention(
          "stack",
          { word: "Cycle", icon: RefreshCw },
          "Its base leads back to itself: give one of them another base",
        ),
      ];
    case "root":
    case "ready":
      return [];
  }
}

function attention(key: string, look: { word: string; icon: LucideIcon }, tooltip: string): PullBadge {
  return { key, ...look, tone: "attention", tooltip };
}
