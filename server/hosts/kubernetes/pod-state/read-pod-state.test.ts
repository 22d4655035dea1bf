import type { V1ManagedFieldsEntry, V1StatefulSet } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import {
  claim,
  condition,
  container,
  event,
  image,
  inContainer,
  node,
  now,
  podOf,
  read,
  scheduled,
  statefulSet,
  trouble,
  unscheduled,
  up,
  waiting,
} from "../testing/pod-facts";
import type { PodFacts } from "./read-pod-state";

describe("what is not known", () => {
  test.each<Partial<PodFacts>>([
    { statefulSet: "unknown" },
    { pod: "unknown" },
    { statefulSet: "unknown", pod: podOf({ conditions: up }) },
  ])("[I1] a look that failed is never read as gone: %j", (facts) =>
    expect(read(facts)).toMatchObject({ kind: "unreachable", reason: expect.stringContaining("not known now") }),
  );

  test("[I1] a volume and a node that could not be looked at say nothing", () => {
    expect(read({ pod: podOf({ conditions: up }), volumeClaim: "unknown", node: "unknown" })).toEqual({
      kind: "ready",
    });
    expect(trouble({ pod: podOf({ conditions: [] }), volumeClaim: "unknown" })).toBeNull();
  });
});

describe("what is wanted", () => {
  test("never made is absent; deleted by hand it leaves a volume that was made", () => {
    const gone = { ...statefulSet, metadata: { deletionTimestamp: now } };
    const made = claim({ spec: { volumeName: "pv" }, status: { phase: "Bound" } });
    for (const set of [null, gone]) {
      for (const volumeClaim of [null, claim({}), "unknown"] as const)
        expect(read({ statefulSet: set, volumeClaim })).toEqual({ kind: "absent" });
      expect(read({ statefulSet: set, volumeClaim: made })).toEqual({ kind: "taken-down", since: null });
    }
  });

  test("a pod that its set left behind is what it is", () => {
    expect(read({ statefulSet: null, pod: podOf({ conditions: up }) })).toEqual({ kind: "ready" });
  });

  const counting = {
    ...{ manager: "controller", time: now, subresource: "status" },
    fieldsV1: { "f:status": { "f:replicas": {} } },
  };
  const resting = (managedFields: V1ManagedFieldsEntry[]) => ({
    metadata: { ...statefulSet.metadata, managedFields },
    spec: { ...statefulSet.spec, replicas: 0 } as NonNullable<V1StatefulSet["spec"]>,
  });

  test.each([
    ["trellis", "suspended"],
    ["kubectl", "taken-down"],
  ])("scaled to nothing by %s it is %s, since then", (manager, kind) => {
    const time = new Date("2026-03-01T10:04:00Z");
    const scaling = { manager, time, fieldsV1: { "f:spec": { "f:replicas": {} } } };
    const set = resting([scaling, counting]);
    expect(read({ statefulSet: set })).toEqual({ kind, since: time });
    expect(read({ statefulSet: set, pod: podOf({ conditions: up }) })).toEqual({ kind, since: time });
  });

  test("scaled to nothing by nobody that is named it is taken down, since its controller counted no pod", () => {
    const set = resting([counting]);
    expect(read({ statefulSet: set })).toEqual({ kind: "taken-down", since: now });
    expect(read({ statefulSet: set, pod: podOf({ conditions: up }) })).toEqual({ kind: "taken-down", since: null });
  });
});

describe("while all is well", () => {
  test.each<[string, Partial<PodFacts>]>([
    ["Waiting for the cluster to make the pod", {}],
    ["Waiting for a node", { pod: podOf({ phase: "Pending" }) }],
    ["Attaching the volume", { pod: inContainer({ waiting: { reason: "ContainerCreating" } }) }],
    [
      `Pulling ${image}`,
      {
        pod: inContainer({ waiting: { reason: "ContainerCreating" } }),
        events: [event("pod", "Pulling", `Pulling image "${image}"`)],
      },
    ],
    [
      "Starting",
      {
        pod: inContainer({ waiting: { reason: "ContainerCreating" } }),
        events: [
          event("pod", "Pulling", `Pulling image "${image}"`),
          event("pod", "Pulled", `Successfully pulled image "${image}"`),
        ],
      },
    ],
    [
      "Starting",
      {
        pod: podOf({
          conditions: waiting,
          initContainerStatuses: [container({ terminated: { exitCode: 0, reason: "Completed" } }, { name: "install" })],
          containerStatuses: [container({ waiting: { reason: "PodInitializing" } })],
        }),
      },
    ],
    [
      "Waiting for a node",
      { pod: podOf({}), volumeClaim: claim({}), events: [event("claim", "WaitForFirstConsumer", "waiting")] },
    ],
    // The binding of a claim made a moment ago.
    [
      "Waiting for a node",
      { pod: unscheduled("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.") },
    ],
  ])("%s", (detail, facts) => {
    expect(read(facts)).toMatchObject({ kind: "starting", detail, trouble: null });
  });

  test("what is told of a pod that went is not told of the one in its place", () => {
    const events = [event("the-one-before", "Pulling", `Pulling image "${image}"`)];
    expect(read({ pod: inContainer({ waiting: { reason: "ContainerCreating" } }), events })).toMatchObject({
      detail: "Attaching the volume",
    });
  });

  test("a refusal is over once the pod was made", () => {
    const events = [
      event("set", "FailedCreate", "create Pod x failed error: no"),
      event("set", "SuccessfulCreate", "create"),
    ];
    expect(trouble({ events })).toBeNull();
    expect(trouble({ events: events.slice(0, 1) })).toBe("The cluster refuses the pod: no");
  });
});

describe("nodes", () => {
  const running = podOf({ phase: "Running", conditions: up });
  test.each<[string, Partial<PodFacts>]>([
    [
      `"node-7" that the pod is on is not heard from: Kubelet stopped posting node status.`,
      { pod: running, node: node("Unknown", "Kubelet stopped posting node status.") },
    ],
    [
      `"node-7" that the pod is on is not ready: runtime is down`,
      { pod: running, node: node("False", "runtime is down") },
    ],
    ["is not in the cluster any more", { pod: running, node: null }],
    // Where nodes may not be read.
    [
      "is not ready",
      { pod: podOf({ conditions: [scheduled, condition("Ready", "False"), condition("ContainersReady", "True")] }) },
    ],
    [
      "is not ready",
      { pod: inContainer({ running: {} }), events: [event("pod", "NodeNotReady", "Node is not ready")] },
    ],
    [
      "makes no other one until the node says that this one ended",
      {
        pod: podOf({ conditions: up }, { deletionTimestamp: now }),
        node: node("Unknown", "Kubelet stopped posting node status."),
      },
    ],
  ])("%s", (reason, facts) => {
    expect(read(facts)).toMatchObject({ kind: "unreachable", reason: expect.stringContaining(reason) });
  });

  test("a node that is well says nothing, and one that works again says so by what it does", () => {
    const events = [event("pod", "NodeNotReady", "Node is not ready"), event("pod", "Started", "Started container")];
    expect(read({ pod: inContainer({ running: {} }), events })).toMatchObject({ kind: "starting", trouble: null });
    expect(read({ pod: running, node: node("True", "kubelet is posting ready status") })).toEqual({ kind: "ready" });
  });

  test("an eviction by the node says why, and needs nobody", () => {
    const message = "The node was low on resource: ephemeral-storage. Container workspace was using 30Gi. ";
    expect(read({ pod: podOf({ phase: "Failed", reason: "Evicted", message }) })).toMatchObject({
      detail: `The pod was evicted from its node: ${message.trim().replace(/\.$/, "")}. It is made again on its volume`,
      trouble: null,
    });
  });

  test.each([
    ["PreemptionByScheduler", "its place was taken by one of higher priority"],
    ["TerminationByKubelet", "its node is short of something or shuts down"],
  ])("a pod that ends by %s", (reason, words) => {
    const conditions = [...up, condition("DisruptionTarget", "True", { reason })];
    const state = read({ pod: podOf({ conditions }, { deletionTimestamp: now, deletionGracePeriodSeconds: 45 }) });
    expect(state).toMatchObject({ kind: "starting", detail: expect.stringContaining(words), trouble: null });
    expect(state).toMatchObject({ since: new Date(now.getTime() - 45_000) });
  });
});
