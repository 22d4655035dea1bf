import {
  Archive,
  Circle,
  CircleX,
  Eye,
  GitMerge,
  GitPullRequest,
  GitPullRequestArrow,
  GitPullRequestDraft,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  MessageSquareWarning,
  OctagonX,
  Unplug,
  UserCheck,
} from "lucide-react";
import type { Tone } from "@/components/ui/badge";
import type { SessionView } from "@/server/protocol/api";

/** `dot` where all is well: a filled dot and plain words instead of an icon and a badge. */
export type Look = { word: string; icon: LucideIcon; tone: Tone; turning?: boolean; dot?: boolean };

const phases: Record<SessionView["phase"], Look> = {
  creating: { word: "Creating", icon: LoaderCircle, tone: "pending", turning: true },
  active: { word: "Active", icon: Circle, tone: "passing", dot: true },
  unreachable: { word: "Unreachable", icon: Unplug, tone: "attention" },
  ending: { word: "Ending", icon: Hourglass, tone: "neutral" },
  failed: { word: "Failed", icon: OctagonX, tone: "failing" },
  ended: { word: "Ended", icon: Archive, tone: "draft" },
};

const statuses: Record<string, Look> = {
  ci_failed: { word: "CI failed", icon: CircleX, tone: "failing" },
  changes_requested: { word: "Changes requested", icon: MessageSquareWarning, tone: "attention" },
  draft: { word: "Draft", icon: GitPullRequestDraft, tone: "draft" },
  review_pending: { word: "Review pending", icon: Eye, tone: "pending" },
  pr_open: { word: "Open", icon: GitPullRequest, tone: "neutral" },
  approved: { word: "Approved", icon: UserCheck, tone: "passing" },
  mergeable: { word: "Mergeable", icon: GitPullRequestArrow, tone: "passing" },
  merged: { word: "Merged", icon: GitMerge, tone: "merged" },
};

const failedSteps: Record<string, string> = {
  host: "Host failed",
  clone: "Clone failed",
  fetch: "Fetch failed",
  worktree: "Worktree failed",
  "copy-files": "Copying failed",
  setup: "Setup failed",
  terminal: "Terminal failed",
};

/** What one badge shows: a phase other than active replaces the status, and an active session without one is active. */
export function lookOf(session: Pick<SessionView, "phase" | "status" | "failure">): Look {
  const { phase, status, failure } = session;
  if (phase === "failed") return { ...phases.failed, word: failedSteps[failure?.step ?? ""] ?? "Ending failed" };
  if (phase === "active" && status !== null) return statuses[status] ?? phases.active;
  return phases[phase];
}

/** Why the badge says what it says, in a sentence for its tooltip. */
export function reasonOf(session: Pick<SessionView, "phase" | "phaseDetail" | "statusReason" | "steps">): string {
  const { phase, phaseDetail, statusReason, steps } = session;
  switch (phase) {
    case "active":
      return statusReason ?? "Its worktree and terminals are there";
    case "creating":
    case "ending": {
      const done = steps.filter(({ state }) => state === "done").length;
      return `Step ${Math.min(done + 1, steps.length)} of ${steps.length}${phaseDetail === null ? "" : `: ${phaseDetail}`}`;
    }
    case "unreachable":
      return `${phaseDetail ?? "Its host does not answer"}. What runs there is unknown`;
    case "failed":
      return phaseDetail ?? "A step failed";
    case "ended":
      return "It is over; what was kept of it can be restored";
  }
}
