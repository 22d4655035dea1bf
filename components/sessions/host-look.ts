import { LoaderCircle, Moon, Server, TriangleAlert, Unplug } from "lucide-react";
import { assertNever } from "@/server/domain/assert-never";
import type { HostStateView } from "@/server/protocol/api";
import type { Look } from "./phase-look";

/** The two kinds of host as a person chooses between them. */
export const hostNames = { local: "This machine", kubernetes: "Kubernetes" } as const;

/** What a line about a host shows; `detail` is the sentence below its word. */
type HostLook = Look & { detail: string | null };

const subjects = { local: "This machine", kubernetes: "Repo pod" } as const;

/** How the host of one repository is, in words. A pod that waits for a person is not merely starting. */
export function hostLook(host: HostStateView): HostLook {
  const subject = subjects[host.kind];
  switch (host.state) {
    case "reachable": {
      const word = host.kind === "local" ? subject : `${subject} running`;
      return { word, icon: Server, tone: "passing", dot: true, detail: null };
    }
    case "starting":
      return host.trouble === null
        ? { word: `${subject} is starting`, icon: LoaderCircle, tone: "pending", turning: true, detail: host.reason }
        : { word: `${subject} cannot start`, icon: TriangleAlert, tone: "failing", detail: host.trouble };
    case "suspended":
      if (host.reason !== null)
        return {
          ...{ word: `${subject} is down`, icon: Moon, tone: "neutral" },
          detail: `${host.reason}. It comes up when a session is opened or made.`,
        };
      return {
        word: `${subject} rests`,
        icon: Moon,
        tone: "neutral",
        detail: "Its files are kept. It wakes when a session is opened or made.",
      };
    case "unreachable":
      return { word: `${subject} unreachable`, icon: Unplug, tone: "attention", detail: host.reason };
    default:
      return assertNever(host.state);
  }
}
