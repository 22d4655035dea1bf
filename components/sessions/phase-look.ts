import {
  Archive,
  Circle,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Moon,
  OctagonX,
  TriangleAlert,
  Unplug,
} from "lucide-react";
import { statusLooks } from "@/components/pulls/pull-look";
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

const statuses: Record<string, Look> = statusLooks;

const failedSteps: Record<string, string> = {
  host: "Host failed",
  clone: "Clone failed",
  fetch: "Fetch failed",
  worktree: "Worktree failed",
  "copy-files": "Copying failed",
  setup: "Setup failed",
  terminal: "Terminal failed",
};

/** What a pod's state says that the phase does not: a session whose pod rests or starts is not lost. */
const pods = {
  trouble: { word: "Pod cannot start", icon: TriangleAlert, tone: "failing" },
  starting: { word: "Pod starting", icon: LoaderCircle, tone: "pending", turning: true },
  rests: { word: "Rests", icon: Moon, tone: "neutral" },
  down: { word: "Pod down", icon: Moon, tone: "neutral" },
} as const satisfies Record<string, Look>;

function podLook({ phase, hostState }: Pick<SessionView, "phase" | "hostState">): Look | null {
  if (phase === "unreachable" || phase === "creating") {
    if (hostState.trouble !== null) return pods.trouble;
    return phase === "unreachable" && hostState.state === "starting" ? pods.starting : null;
  }
  if (phase !== "active" || hostState.state !== "suspended") return null;
  return hostState.reason === null ? pods.rests : pods.down;
}

/** What one badge shows: a phase other than active replaces the status, and an active session without one is active. */
export function lookOf(session: Pick<SessionView, "phase" | "status" | "failure" | "hostState">): Look {
  const { phase, status, failure } = session;
  const pod = podLook(session);
  if (pod !== null) return pod;
  if (phase === "failed") return { ...phases.failed, word: failedSteps[failure?.step ?? ""] ?? "Ending failed" };
  if (phase === "active" && status !== null) return statuses[status] ?? phases.active;
  return phases[phase];
}

/** Why the badge says what it says, in a sentence for its tooltip. */
export function reasonOf(
  session: Pick<SessionView, "phase" | "phaseDetail" | "statusReason" | "steps" | "hostState">,
): string {
  const { phase, phaseDetail, statusReason, steps, hostState } = session;
  const pod = podLook(session);
  if (pod === pods.trouble && hostState.trouble !== null) return hostState.trouble;
  if (pod === pods.starting) return hostState.reason ?? "Its pod is on its way up";
  if (pod === pods.down && hostState.reason !== null) return `${hostState.reason}. Opening the session brings it up`;
  if (pod === pods.rests) return "Its pod rests and its files are kept. Opening the session wakes it";
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
