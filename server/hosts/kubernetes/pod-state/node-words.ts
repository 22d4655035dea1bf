import type { CoreV1Event, V1Node, V1Pod } from "@kubernetes/client-node";
import { newestEvent } from "./events";

/** That the node of a pod cannot be relied on, and since when; null where nothing says so. */
export function nodeTrouble(
  pod: V1Pod,
  { node, events }: { node: V1Node | null | "unknown"; events: CoreV1Event[] },
): { since: Date | undefined; reason: string } | null {
  const name = pod.spec?.nodeName;
  if (name === undefined) return null;
  if (node === null)
    return { since: undefined, reason: `The node "${name}" that the pod is on is not in the cluster any more` };
  if (node !== "unknown") {
    const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
    if (!ready || ready.status === "True") return null;
    const how = ready.status === "Unknown" ? "is not heard from" : "is not ready";
    const why = ready.message ? `: ${ready.message}` : "";
    return { since: ready.lastTransitionTime, reason: `The node "${name}" that the pod is on ${how}${why}` };
  }
  return byPodAlone(pod, name, events);
}

/** Nodes may not be ours to look at. The cluster takes Ready from the pods of a node that it does not hear, and nothing else. */
function byPodAlone(pod: V1Pod, name: string, events: CoreV1Event[]) {
  const condition = (type: string) => pod.status?.conditions?.find((one) => one.type === type);
  const ready = condition("Ready");
  const isTaken = ready?.status === "False" && condition("ContainersReady")?.status === "True";
  // What the node did itself after that says that it is back.
  const newest = newestEvent(events, pod, ["NodeNotReady", "Pulled", "Created", "Started", "BackOff"]);
  const isTold = pod.status?.reason === "NodeLost" || newest?.reason === "NodeNotReady";
  if (!isTaken && !(isTold && ready?.status !== "True")) return null;
  return { since: ready?.lastTransitionTime, reason: `The node "${name}" that the pod is on is not ready` };
}
