import type {
  CoreV1Event,
  V1ContainerState,
  V1ContainerStatus,
  V1Node,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodCondition,
  V1StatefulSet,
} from "@kubernetes/client-node";
import { type PodFacts, readPodState } from "../pod-state/read-pod-state";

const made = new Date("2026-03-01T10:00:00Z");
export const now = new Date("2026-03-01T10:05:00Z");
const labels = { "trellis.dev/repository": "7a3f" };
export const image = "registry.example/team/tools:2";

export const statefulSet: V1StatefulSet = {
  metadata: { name: "trellis-x", uid: "set", creationTimestamp: made },
  spec: { replicas: 1, serviceName: "trellis-x", selector: { matchLabels: labels }, template: {} },
};
export const condition = (type: string, status: string, more: Partial<V1PodCondition> = {}): V1PodCondition => ({
  type,
  status,
  ...more,
});
export const scheduled = condition("PodScheduled", "True");
export const up = [scheduled, condition("Ready", "True"), condition("ContainersReady", "True")];
export const waiting = [scheduled, condition("Ready", "False"), condition("ContainersReady", "False")];

export function podOf(status: V1Pod["status"], metadata: V1Pod["metadata"] = {}): V1Pod {
  const containers = [{ name: "workspace", image, resources: { requests: { cpu: "4" }, limits: { memory: "8Gi" } } }];
  return {
    metadata: { name: "trellis-x-0", uid: "pod", creationTimestamp: made, labels, ...metadata },
    spec: { nodeName: "node-7", containers },
    status: status ?? {},
  };
}

export const container = (state: V1ContainerState, more: Partial<V1ContainerStatus> = {}): V1ContainerStatus => ({
  ...{ name: "workspace", image, imageID: "", ready: false, restartCount: 0, state, ...more },
});
export const inContainer = (state: V1ContainerState, more: Partial<V1ContainerStatus> = {}) =>
  podOf({ phase: "Pending", conditions: waiting, containerStatuses: [container(state, more)] });
export const unscheduled = (message: string) =>
  podOf({ phase: "Pending", conditions: [condition("PodScheduled", "False", { reason: "Unschedulable", message })] });

let seconds = 0;
export const event = (uid: string, reason: string, message: string): CoreV1Event => ({
  metadata: { name: `${seconds}` },
  ...{ involvedObject: { uid }, reason, message, lastTimestamp: new Date(made.getTime() + 1_000 * seconds++) },
});

export const node = (status: string, message: string): V1Node => ({
  status: { conditions: [{ type: "Ready", status, message, lastTransitionTime: new Date("2026-03-01T10:03:00Z") }] },
});
export const claim = (more: Partial<V1PersistentVolumeClaim>): V1PersistentVolumeClaim => ({
  ...{ metadata: { uid: "claim" }, spec: { storageClassName: "fast" }, status: { phase: "Pending" }, ...more },
});

export const read = (facts: Partial<PodFacts>) =>
  readPodState({
    ...{ statefulSet, pod: null, volumeClaim: "unknown", events: [], node: "unknown", lastLog: null, now, ...facts },
  });
export const trouble = (facts: Partial<PodFacts>) => {
  const state = read(facts);
  return state.kind === "starting" ? state.trouble : state;
};
