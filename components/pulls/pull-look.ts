import {
  CircleQuestionMark,
  CircleX,
  Eye,
  GitMerge,
  GitPullRequest,
  GitPullRequestArrow,
  GitPullRequestClosed,
  GitPullRequestDraft,
  type LucideIcon,
  MessageSquareWarning,
  UserCheck,
} from "lucide-react";
import type { Tone } from "@/components/ui/badge";
import { isolated } from "@/components/ui/format";
import type { PullView } from "@/server/protocol/pulls";

export type PullLook = { word: string; icon: LucideIcon; tone: Tone };

/** The words that pull requests give to a session, with the icons that they have everywhere. */
export const statusLooks = {
  ci_failed: { word: "CI failed", icon: CircleX, tone: "failing" },
  changes_requested: { word: "Changes requested", icon: MessageSquareWarning, tone: "attention" },
  draft: { word: "Draft", icon: GitPullRequestDraft, tone: "draft" },
  review_pending: { word: "Review pending", icon: Eye, tone: "pending" },
  pr_open: { word: "Open", icon: GitPullRequest, tone: "neutral" },
  approved: { word: "Approved", icon: UserCheck, tone: "passing" },
  mergeable: { word: "Mergeable", icon: GitPullRequestArrow, tone: "passing" },
  merged: { word: "Merged", icon: GitMerge, tone: "merged" },
} as const satisfies Record<string, PullLook>;

const mostLetters = 120;

const closed: PullLook = { word: "Closed", icon: GitPullRequestClosed, tone: "draft" };
const unknown: PullLook = { word: "Unknown", icon: CircleQuestionMark, tone: "unknown" };

/** The one icon and word of a pull request. One that was never seen is unknown, not open. */
export function pullLook({ state, word }: Pick<PullView, "state" | "word">): PullLook {
  switch (state) {
    case "open":
      return statusLooks[word ?? "pr_open"];
    case "merged":
      return statusLooks.merged;
    case "closed":
      return closed;
    case "unknown":
      return unknown;
  }
}

/** `#412`, or the address of one that was never seen. */
export function pullName({ number, url }: Pick<PullView, "number" | "url">): string {
  return number === null ? url.replace(/^https?:\/\//, "") : `#${number}`;
}

/** As much of a title as a row has room for; its marks of direction would turn the number beside it. */
export function shortTitle(title: string): string {
  const letters = [...title];
  return isolated(letters.length <= mostLetters ? title : `${letters.slice(0, mostLetters - 1).join("")}…`);
}

export const forgeNames = { github: "GitHub", forgejo: "Forgejo", gitlab: "GitLab" } as const;
