import { expect } from "vitest";
import type { RepositorySettings } from "../../../domain/repository";
import { type ClusterGround, describeCluster } from "../testing/cluster";
import { expectState, lookAt, type Made, StateGround } from "../testing/state-ground";
import { growVolume } from "./grow-volume";
import { pendingChanges } from "./pending-changes";
import { repoPodObjects } from "./repo-pod-objects";

const longMs = 240_000;

describeCluster("objects of a repo pod, on a real cluster", (ground) => {
  const make = (name: string, settings: Partial<RepositorySettings> = {}) =>
    new StateGround(ground).make({ name, settings });

  ground.imageTest("the API server knows every field that is applied", async () => {
    const { core, apps } = ground.admin;
    const { objects } = await make("strict", { image: ground.image, tolerations: [{ operator: "Exists" }] });
    const asked = { namespace: ground.namespace, dryRun: "All", fieldValidation: "Strict" };
    const again = <T extends { metadata?: object }>(object: T) => ({
      ...object,
      metadata: { ...object.metadata, name: "strict" },
    });
    await core.createNamespacedServiceAccount({ ...asked, body: again(objects.serviceAccount) });
    await core.createNamespacedService({ ...asked, body: again(objects.service) });
    await core.createNamespacedPersistentVolumeClaim({ ...asked, body: again(objects.volumeClaim) });
    await apps.createNamespacedStatefulSet({ ...asked, body: again(objects.statefulSet) });
  });

  ground.imageTest(
    "applied a second time nothing changes",
    async () => {
      const made = await make("twice", {
        storage: { disruptionBudget: true },
        nodeSelector: { "kubernetes.io/os": "linux" },
      });
      await expectState(made, { kind: "ready" });
      await settled(made);
      const before = await versions(made);
      await applyAll(made);
      expect(await versions(made)).toEqual(before);
      expect(before).toHaveLength(5);
    },
    longMs,
  );

  ground.imageTest(
    "an apply neither wakes a pod at rest nor puts one to rest, and a set that is made is wanted up",
    async () => {
      const made = await make("rest");
      await expectState(made, { kind: "ready" });
      const restedAt = Date.now();
      await made.cluster.scale(nameOf(made), 0);
      await applyAll(made, { image: ground.image });
      await expectState(made, { kind: "suspended" });
      const state = await lookAt(made);
      // The API server counts in whole seconds.
      if (state.kind === "suspended") expect(state.since.getTime()).toBeGreaterThan(restedAt - 2_000);
      expect((await made.cluster.get("StatefulSet", nameOf(made)))?.spec?.replicas).toBe(0);
      await made.cluster.scale(nameOf(made), 1);
      await applyAll(made);
      await expectState(made, { kind: "ready" });
    },
    longMs,
  );

  ground.imageTest(
    "a change waits for a restart: the pod that runs is not touched, and the words say what waits",
    async () => {
      const made = await make("pending");
      await expectState(made, { kind: "ready" });
      const pod = await made.cluster.get("Pod", `${nameOf(made)}-0`);
      const wanted = await applyAll(made, { resources: { limits: { memory: "1Gi" } }, nodeSelector: { disk: "ssd" } });
      if (!pod) throw new Error("the pod is gone");
      expect(pendingChanges(pod, made.objects.statefulSet)).toEqual([]);
      expect(pendingChanges(pod, wanted.statefulSet)).toEqual([
        "requested cpu: 5m → 100m applies at the next restart",
        "requested memory: 16Mi → 512Mi applies at the next restart",
        "limit of memory: 8Gi → 1Gi applies at the next restart",
        "node selector: none → disk=ssd applies at the next restart",
      ]);
      const set = () => made.cluster.get("StatefulSet", nameOf(made));
      // Once the cluster has seen that there is something else to be made.
      await expect
        .poll(async () => (await set())?.status?.observedGeneration)
        .toBe((await set())?.metadata?.generation);
      expect((await set())?.status?.currentReplicas).toBe(1);
      expect((await made.cluster.get("Pod", `${nameOf(made)}-0`))?.metadata?.uid).toBe(pod.metadata?.uid);
    },
    longMs,
  );

  ground.imageTest(
    "a volume grows where its class lets it, and where not the words say so",
    async () => {
      const name = `${ground.namespace}-growing`;
      const { provisioner } = (await clusterClass(ground, "standard")) ?? {};
      await ground.admin.objects.create({
        ...{ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name } },
        ...{ provisioner, allowVolumeExpansion: true, volumeBindingMode: "WaitForFirstConsumer" },
      });
      try {
        const [growing, fixed] = [await make("growing", { storage: { className: name } }), await make("fixed")];
        await expectState(growing, { kind: "ready" });
        await expectState(fixed, { kind: "ready" });
        const larger = await grow(ground, growing, "2Gi");
        await growing.cluster.apply(larger.claim);
        expect(larger.notes).toEqual([]);
        const claim = await growing.cluster.get("PersistentVolumeClaim", nameOf(growing));
        expect(claim?.spec?.resources?.requests).toEqual({ storage: "2Gi" });
        const refused = await grow(ground, fixed, "2Gi");
        expect(refused.notes).toEqual([
          expect.stringContaining("does not allow volumes to grow (allowVolumeExpansion)"),
        ]);
        await fixed.cluster.apply(refused.claim);
        // Nothing grows volumes here, so that the wish for it stays one.
        const less = await grow(ground, growing, "1536Mi");
        expect(less.notes).toEqual(["volume: 1Gi → 1536Mi is under way"]);
        expect((await growing.cluster.apply(less.claim)).spec?.resources?.requests).toEqual({ storage: "1536Mi" });
        const none = await grow(ground, growing, "1Gi");
        expect(none.notes[0]).toContain("the cluster was asked for 1536Mi already, and takes no wish for 1Gi back");
        await growing.cluster.apply(none.claim);
        const smaller = await grow(ground, fixed, "512Mi");
        expect(smaller.notes[0]).toContain("a volume can grow and cannot shrink");
        await fixed.cluster.apply(smaller.claim);
      } finally {
        await ground.admin.objects.delete({
          apiVersion: "storage.k8s.io/v1",
          kind: "StorageClass",
          metadata: { name },
        });
      }
    },
    longMs,
  );
});

const nameOf = ({ objects }: Made) => objects.statefulSet.metadata?.name ?? "";

async function applyAll({ cluster, wish, defaults }: Made, settings: Partial<RepositorySettings> = {}) {
  const objects = repoPodObjects({ ...wish, settings: { ...wish.settings, ...settings } }, defaults);
  for (const object of Object.values(objects)) if (object) await cluster.apply(object);
  return objects;
}

/** Once the cluster has written down what it counts of a pod that is ready. */
async function settled({ cluster, objects }: Made): Promise<void> {
  const name = objects.statefulSet.metadata?.name ?? "";
  await expect
    .poll(async () => {
      const [set, budget] = [await cluster.get("StatefulSet", name), await cluster.get("PodDisruptionBudget", name)];
      return [set?.status?.availableReplicas, budget?.status?.currentHealthy];
    })
    .toEqual([1, 1]);
}

async function versions({ cluster, objects }: Made) {
  const name = objects.statefulSet.metadata?.name ?? "";
  const found = [
    await cluster.get("ServiceAccount", name),
    await cluster.get("Service", name),
    await cluster.get("PersistentVolumeClaim", name),
    await cluster.get("StatefulSet", name),
    await cluster.get("PodDisruptionBudget", name),
  ];
  return found.map((object) => object?.metadata?.resourceVersion);
}

const clusterClass = async (ground: ClusterGround, name: string) =>
  (await (await new StateGround(ground).cluster).list("StorageClass", "")).find(
    ({ metadata }) => metadata?.name === name,
  ) ?? null;

/** The volume that is there, and what it can become. */
async function grow(ground: ClusterGround, { cluster, wish, defaults, objects }: Made, size: string) {
  const existing = await cluster.get("PersistentVolumeClaim", objects.volumeClaim.metadata?.name ?? "");
  if (!existing) throw new Error("the volume is gone");
  const storage = { ...wish.settings.storage, size };
  const wanted = repoPodObjects({ ...wish, settings: { ...wish.settings, storage } }, defaults).volumeClaim;
  const storageClass = await clusterClass(ground, existing.spec?.storageClassName ?? "");
  return growVolume({ existing, wanted, asked: storage, storageClass });
}
