import type {
  CoreV1Event,
  V1ManagedFieldsEntry,
  V1Node,
  V1PersistentVolumeClaim,
  V1Pod,
  V1StatefulSet,
} from "@kubernetes/client-node";
import { fieldManager } from "../cluster/field-manager";
import { containerTrouble } from "./container-words";
import { endingState } from "./ending-state";
import { newestEvent } from "./events";
import { nodeTrouble } from "./node-words";
import { refusalWords } from "./refusal-words";
import { schedulingWords } from "./scheduling-words";
import { volumeTrouble } from "./volume-words";

/** `"unknown"` is a look that failed, or is old; null is the API server's word that there is none. */
export type PodFacts = {
  statefulSet: V1StatefulSet | null | "unknown";
  pod: V1Pod | null | "unknown";
  volumeClaim: V1PersistentVolumeClaim | null | "unknown";
  events: CoreV1Event[];
  node: V1Node | null | "unknown";
  /** Of the container that ended last. */
  lastLog: string | null;
  now: Date;
};

export type PodState =
  | { kind: "ready" }
  | { kind: "starting"; since: Date; detail: string; trouble: string | null }
  /** By our own hand. */
  | { kind: "suspended"; since: Date }
  /** By another's: scaled to nothing, or its set deleted. `since` is null where the cluster does not tell. */
  | { kind: "taken-down"; since: Date | null }
  /** Never made. */
  | { kind: "absent" }
  | { kind: "unreachable"; since: Date; reason: string };

/** What the cluster's objects say of a repo pod, in words. */
export function readPodState(facts: PodFacts): PodState {
  const { statefulSet, pod, now } = facts;
  if (statefulSet === "unknown" || pod === "unknown")
    return { kind: "unreachable", since: now, reason: "What the cluster has of the pod is not known now" };
  const isWanted = statefulSet !== null && !statefulSet.metadata?.deletionTimestamp;
  if (isWanted && statefulSet.spec?.replicas === 0) return atRest(statefulSet, facts);
  if (pod === null) return isWanted ? withoutPod(statefulSet, facts) : withoutSet(facts);
  if (isWanted && !belongs(pod, statefulSet)) return withoutPod(statefulSet, facts, foreignWords(pod));
  if (pod.metadata?.deletionTimestamp) return endingState(pod, { ...facts, isWanted });
  return podState(pod, facts);
}

/** `kubectl scale` to nothing leaves no name at all, and takes ours away: what bears it, we wrote. */
function atRest(statefulSet: V1StatefulSet, { pod, now }: PodFacts): PodState {
  const { managedFields } = statefulSet.metadata ?? {};
  const scaling = lastWriteOf(managedFields, "spec");
  if (managedFields === undefined || scaling?.manager === fieldManager)
    return { kind: "suspended", since: scaledAt(statefulSet, now) };
  // Its controller counts once more when the pod is gone.
  const counting = pod === null ? lastWriteOf(managedFields, "status") : undefined;
  return { kind: "taken-down", since: dateOf((scaling ?? counting)?.time) };
}

/** A volume that was made is left by a pod that ran: we never take one away without the other. */
function withoutSet({ volumeClaim }: PodFacts): PodState {
  const wasMade = volumeClaim !== null && volumeClaim !== "unknown" && volumeClaim.spec?.volumeName;
  return wasMade ? { kind: "taken-down", since: null } : { kind: "absent" };
}

/** A set that is wanted up, before its controller made the pod. */
function withoutPod(statefulSet: V1StatefulSet, { events, now }: PodFacts, foreign: string | null = null): PodState {
  const tried = newestEvent(events, statefulSet, ["FailedCreate", "SuccessfulCreate"]);
  const refusal = tried?.reason === "FailedCreate" ? refusalWords(tried.message ?? "") : null;
  const detail = "Waiting for the cluster to make the pod";
  return { kind: "starting", since: scaledAt(statefulSet, now), detail, trouble: foreign ?? refusal };
}

function belongs(pod: V1Pod, { spec }: V1StatefulSet): boolean {
  const labels = pod.metadata?.labels ?? {};
  return Object.entries(spec?.selector.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

/** The controller of the set says nothing of it, and waits for ever. */
const foreignWords = ({ metadata }: V1Pod) =>
  `The pod "${metadata?.name}" is not of this repository and has the name of its pod. It is not touched: delete it, or rename it`;

function podState(pod: V1Pod, facts: PodFacts): PodState {
  const since = dateOf(pod.metadata?.creationTimestamp) ?? facts.now;
  const starting = (detail: string, trouble: string | null = null): PodState => ({
    kind: "starting",
    since,
    detail,
    trouble,
  });
  const { phase, reason, message = "", conditions = [] } = pod.status ?? {};
  const has = (type: string) => conditions.find((condition) => condition.type === type);
  if (phase === "Failed") return starting(`${failureWords(reason, message)}. It is made again on its volume`);
  // Its containers ended and none is started again: never so in a set, but a set may be changed by hand.
  if (phase === "Succeeded") return starting("The pod ended. It is made again on its volume");

  const away = nodeTrouble(pod, facts);
  if (away) return { kind: "unreachable", since: dateOf(away.since) ?? since, reason: away.reason };
  if (has("Ready")?.status === "True") return { kind: "ready" };

  const scheduled = has("PodScheduled");
  if (scheduled?.status !== "True") {
    const refused = scheduled?.reason === "Unschedulable" || scheduled?.reason === "SchedulerError";
    const lacksVolume = volumeTrouble(facts, scheduled?.message ?? "");
    const trouble = refused ? (lacksVolume ?? schedulingTrouble(pod, scheduled?.message ?? "")) : null;
    return starting(trouble ? "No node takes the pod" : "Waiting for a node", trouble);
  }
  return starting(progress(pod, facts.events), startTrouble(pod, facts));
}

/** A claim that was made a moment ago is looked for again at once. */
const schedulingTrouble = (pod: V1Pod, message: string) =>
  /unbound immediate PersistentVolumeClaims/.test(message) && !/Insufficient|didn't match/.test(message)
    ? null
    : schedulingWords(pod, message);

function startTrouble(pod: V1Pod, { events, lastLog }: PodFacts): string | null {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  for (const status of [...initContainerStatuses, ...containerStatuses]) {
    const trouble = containerTrouble(pod, status, { events, lastLog });
    if (trouble) return trouble;
  }
  if (containerStatuses.some(({ state }) => state?.running)) return null;
  const mount = newestEvent(events, pod, [...mountFailures, "SuccessfulAttachVolume", "Pulling", "Pulled", "Created"]);
  if (!mount || !mountFailures.includes(mount.reason ?? "")) return null;
  const what =
    mount.reason === "FailedCreatePodSandBox" ? "The node cannot make the pod" : "The volume cannot be attached";
  return `${what}: ${mount.message}`;
}

const mountFailures = ["FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox"];

function progress(pod: V1Pod, events: CoreV1Event[]): string {
  const image = newestEvent(events, pod, ["Pulling", "Pulled"]);
  const pulled = /"([^"]+)"/.exec(image?.message ?? "")?.[1];
  if (image?.reason === "Pulling" && pulled !== undefined) return `Pulling ${pulled}`;
  const hasBegun = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].some(
    ({ state, restartCount }) => state?.running || state?.terminated || restartCount > 0,
  );
  return hasBegun || image ? "Starting" : "Attaching the volume";
}

function failureWords(reason: string | undefined, message: string): string {
  const why = message ? `: ${message.trim().replace(/\.$/, "")}` : "";
  if (reason === "Evicted") return `The pod was evicted from its node${why}`;
  if (reason === "Terminated" || reason === "NodeShutdown") return `The pod ended with its node's shutdown${why}`;
  return `The node ended the pod${reason ? ` (${reason})` : ""}${why}`;
}

function scaledAt({ metadata }: V1StatefulSet, now: Date): Date {
  const scaling = lastWriteOf(metadata?.managedFields, "spec");
  return dateOf(scaling?.time) ?? dateOf(metadata?.creationTimestamp) ?? now;
}

/** No field holds the time of a scaling, but the cluster notes who wrote a number of replicas last. */
function lastWriteOf(entries: V1ManagedFieldsEntry[] = [], part: "spec" | "status"): V1ManagedFieldsEntry | undefined {
  const writes = entries.filter(
    ({ subresource, fieldsV1 }) =>
      (subresource === "status") === (part === "status") && JSON.stringify(fieldsV1 ?? {}).includes('"f:replicas"'),
  );
  const at = ({ time }: V1ManagedFieldsEntry) => dateOf(time)?.getTime() ?? 0;
  return writes.sort((one, other) => at(other) - at(one))[0];
}

const dateOf = (time: Date | string | undefined) => (time === undefined ? null : new Date(time));
