import type { V1Pod } from "@kubernetes/client-node";
import { expect } from "vitest";
import { type ClusterGround, describeCluster } from "../testing/cluster";
import { expectState, lookAt, type Made, StateGround } from "../testing/state-ground";

const longMs = 240_000;
const hold = "trellis.dev/test-hold";

describeCluster("pods that end, for real", (ground) => {
  const make = (name: string, more: object = {}) => new StateGround(ground).make({ name, ...more });

  ground.imageTest(
    "deleted by hand: it says so, says so louder when it is late, and another comes up",
    async () => {
      const made = await make("deleted");
      const pod = await ready(made);
      await held(ground, pod, async () => {
        await ground.admin.core.deleteNamespacedPod({ name: nameOf(pod), namespace: ground.namespace });
        await expectState(made, {
          detail: "The pod ends (it was deleted), another comes up on its volume",
          trouble: null,
        });
        const late = await lookAt(made, { now: new Date(Date.now() + 600_000) });
        expect(late).toMatchObject({ trouble: expect.stringContaining(`and is held by ${hold}`) });
      });
      expect((await another(made, pod)).metadata?.uid).not.toBe(pod.metadata?.uid);
    },
    longMs,
  );

  ground.imageTest(
    "evicted, as by a drain: it says so",
    async () => {
      const made = await make("evicted");
      const pod = await ready(made);
      await held(ground, pod, async () => {
        await evict(ground, pod);
        await expectState(made, {
          detail: expect.stringContaining("evicted, as by a drain of its node"),
          trouble: null,
        });
      });
      await another(made, pod);
    },
    longMs,
  );

  ground.imageTest(
    "a disruption budget holds up an eviction",
    async () => {
      const made = await make("budget", { settings: { storage: { disruptionBudget: true } } });
      const pod = await ready(made);
      const seen = async () =>
        (await made.cluster.get("PodDisruptionBudget", nameOf(made.objects.statefulSet)))?.status;
      await expect.poll(seen).toMatchObject({ currentHealthy: 1, disruptionsAllowed: 0 });
      await expect(evict(ground, pod)).rejects.toMatchObject({ code: 429 });
    },
    longMs,
  );

  ground.imageTest(
    "its set deleted by hand: the pod ends, and was taken down then",
    async () => {
      const made = await make("set");
      const pod = await ready(made);
      await held(ground, pod, async () => {
        await made.cluster.remove("StatefulSet", nameOf(made.objects.statefulSet));
        await expectState(made, {
          kind: "starting",
          detail: "The pod ends (it was deleted), its StatefulSet was deleted",
        });
      });
      await expectState(made, { kind: "taken-down", since: null });
      expect(await made.cluster.get("PersistentVolumeClaim", nameOf(made.objects.volumeClaim))).not.toBeNull();
    },
    longMs,
  );

  ground.imageTest(
    "one process that used up the memory is no end of the pod",
    async () => {
      const made = await make("child", {
        settings: { resources: { limits: { cpu: "1", memory: "48Mi" } } },
        change: ({ containers }: NonNullable<V1Pod["spec"]>) => {
          const [workspace] = containers;
          if (workspace) workspace.command = ["/bin/sh", "-c", "tail /dev/zero; echo ended with $?; exec sleep 600"];
        },
      });
      const pod = await ready(made);
      const log = () => made.cluster.log(nameOf(pod), { container: "workspace", previous: false, lines: 3 });
      await expect.poll(log).toContain("ended with 137");
      const after = await made.cluster.get("Pod", nameOf(pod));
      // Where the node's cgroups are v2 the kernel may take the container as a whole.
      if (after?.status?.containerStatuses?.[0]?.restartCount === 0)
        expect(await lookAt(made)).toEqual({ kind: "ready" });
    },
    longMs,
  );
});

const nameOf = ({ metadata }: { metadata?: { name?: string } }) => metadata?.name ?? "";

async function ready(made: Made): Promise<V1Pod> {
  await expectState(made, { kind: "ready" });
  const pod = await made.cluster.get("Pod", `${nameOf(made.objects.statefulSet)}-0`);
  if (!pod) throw new Error("the pod is gone");
  return pod;
}

async function another(made: Made, pod: V1Pod): Promise<V1Pod> {
  const uid = async () => (await made.cluster.get("Pod", nameOf(pod)))?.metadata?.uid ?? pod.metadata?.uid;
  await expect.poll(uid).not.toBe(pod.metadata?.uid);
  return ready(made);
}

const evict = ({ admin, namespace }: ClusterGround, pod: V1Pod) =>
  admin.core.createNamespacedPodEviction({ name: nameOf(pod), namespace, body: { metadata: { name: nameOf(pod) } } });

/** A pod ends too quickly to be seen doing it: this keeps its object for as long as `body` looks. */
async function held({ admin, namespace }: ClusterGround, pod: V1Pod, body: () => Promise<void>): Promise<void> {
  const setFinalizers = (finalizers: string[]) =>
    admin.objects.patch(
      { apiVersion: "v1", kind: "Pod", metadata: { name: nameOf(pod), namespace, finalizers } },
      ...[undefined, undefined, undefined, undefined],
      "application/merge-patch+json",
    );
  await setFinalizers([hold]);
  try {
    await body();
  } finally {
    await setFinalizers([]);
  }
}
