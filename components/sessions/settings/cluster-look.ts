import { KeyRound, LoaderCircle, Server, TriangleAlert, Unplug } from "lucide-react";
import type { HostStateView } from "@/server/protocol/api";
import type { Look } from "../phase-look";

/** How a kind of host is: one that answers but lets us do too little is not well. */
export function clusterLook({ state, trouble }: Pick<HostStateView, "state" | "trouble">, missingRights: number): Look {
  if (state === "unreachable") return { word: "Unreachable", icon: Unplug, tone: "attention" };
  if (trouble !== null && missingRights === 0)
    return { word: "Reachable, pods cannot be made", icon: TriangleAlert, tone: "failing" };
  if (state === "starting" && trouble === null) return { word: "Starting", icon: LoaderCircle, tone: "pending" };
  if (missingRights > 0) return { word: "Reachable, rights are missing", icon: KeyRound, tone: "attention" };
  return { word: "Reachable", icon: Server, tone: "passing", dot: true };
}
