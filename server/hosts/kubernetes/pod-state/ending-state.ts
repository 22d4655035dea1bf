import type { CoreV1Event, V1Node, V1Pod } from "@kubernetes/client-node";
import { nodeTrouble } from "./node-words";

type Ending =
  | { kind: "starting"; since: Date; detail: string; trouble: string | null }
  | { kind: "unreachable"; since: Date; reason: string };
type Around = { node: V1Node | null | "unknown"; events: CoreV1Event[]; now: Date; isWanted: boolean };

/** Beyond what it was given to end in. */
const lateMs = 30_000;

/** A pod that was told to end: by a drain, by hand, or with its set. */
export function endingState(pod: V1Pod, { node, events, now, isWanted }: Around): Ending {
  // Kubernetes writes the time by which it is to be gone, its grace within.
  const due = new Date(pod.metadata?.deletionTimestamp ?? now);
  const graceMs = (pod.metadata?.deletionGracePeriodSeconds ?? 0) * 1_000;
  const since = new Date(due.getTime() - graceMs);
  const away = nodeTrouble(pod, { node, events });
  if (away) {
    const mend =
      "The cluster makes no other one until the node says that this one ended, or is deleted from the cluster";
    return {
      kind: "unreachable",
      since: away.since === undefined ? since : new Date(away.since),
      reason: `${away.reason}. ${mend}`,
    };
  }
  const next = isWanted ? "another comes up on its volume" : "its StatefulSet was deleted";
  const isLate = now.getTime() > due.getTime() + lateMs;
  return {
    kind: "starting",
    since,
    detail: `The pod ends (${whyEnding(pod)}), ${next}`,
    trouble: isLate ? `The pod does not end: it should have by ${due.toISOString()}${holdWords(pod)}` : null,
  };
}

const reasons: Record<string, string> = {
  EvictionByEvictionAPI: "evicted, as by a drain of its node",
  DeletionByTaintManager: "its node was tainted",
  DeletionByPodGC: "its node is gone",
  PreemptionByScheduler: "its place was taken by one of higher priority",
  TerminationByKubelet: "its node is short of something or shuts down",
};

function whyEnding(pod: V1Pod): string {
  const target = pod.status?.conditions?.find(({ type, status }) => type === "DisruptionTarget" && status === "True");
  return reasons[target?.reason ?? ""] ?? target?.message ?? "it was deleted";
}

function holdWords(pod: V1Pod): string {
  const finalizers = pod.metadata?.finalizers ?? [];
  return finalizers.length > 0
    ? `, and is held by ${finalizers.join(", ")}`
    : `, and its node "${pod.spec?.nodeName}" has not said so`;
}
