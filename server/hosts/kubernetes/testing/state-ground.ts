import type { V1PodSpec } from "@kubernetes/client-node";
import { expect } from "vitest";
import { defaultRepositorySettings, type RepositorySettings } from "../../../domain/repository";
import { quietLog } from "../../testing/link-fixture";
import type { Cluster } from "../cluster/cluster";
import { openCluster } from "../cluster/open-cluster";
import {
  type RepoPodDefaults,
  type RepoPodObjects,
  type RepoPodWish,
  repoPodObjects,
} from "../objects/repo-pod-objects";
import { type PodFacts, type PodState, readPodState } from "../pod-state/read-pod-state";

export type Made = { cluster: Cluster; wish: RepoPodWish; defaults: RepoPodDefaults; objects: RepoPodObjects };
type Wanted = {
  name: string;
  settings?: Partial<RepositorySettings>;
  defaults?: Partial<RepoPodDefaults>;
  /** What no setting can do, done to the pod before it is applied. */
  change?(spec: V1PodSpec): void;
  without?: keyof RepoPodObjects;
};

/** Repo pods in a namespace of a real cluster, with what makes their states bad. */
export class StateGround {
  readonly #defaults: RepoPodDefaults;
  readonly cluster: Promise<Cluster>;

  constructor(of: { kubeconfig: string; namespace: string; image: string; trellisImage: string }) {
    const { kubeconfig, namespace, image, trellisImage } = of;
    this.cluster = openCluster({ kubeconfig, namespace, log: quietLog });
    this.#defaults = {
      ...{ namespace, instance: "states", workspaceImage: image, trellisImage, imagePullSecrets: [] },
      ...{ storageClass: null, storageSize: "1Gi" },
    };
  }

  async make({ name, settings = {}, change, without, ...own }: Wanted): Promise<Made> {
    const [cluster, defaults] = [await this.cluster, { ...this.#defaults, ...own.defaults }];
    // Little, so that all of them have room on one node.
    const resources = { requests: { cpu: "5m", memory: "16Mi" } };
    const wish: RepoPodWish = {
      ...{ repositoryId: name, repositoryName: name, userId: "u1", username: "owner" },
      settings: { ...defaultRepositorySettings, resources, ...settings },
    };
    const objects = repoPodObjects(wish, defaults);
    const spec = objects.statefulSet.spec?.template.spec;
    if (spec) change?.(spec);
    for (const [part, object] of Object.entries(objects)) if (object && part !== without) await cluster.apply(object);
    return { cluster, wish, defaults, objects };
  }
}

/** Looked at anew, as a server would that just started. */
export async function lookAt({ cluster, objects }: Made, more: Partial<PodFacts> = {}): Promise<PodState> {
  const name = objects.statefulSet.metadata?.name ?? "";
  const [statefulSet, pod, volumeClaim, events] = await Promise.all([
    cluster.get("StatefulSet", name),
    cluster.get("Pod", `${name}-0`),
    cluster.get("PersistentVolumeClaim", name),
    cluster.list("Event", ""),
  ]);
  const status = pod?.status?.containerStatuses?.[0];
  const previous = status?.state?.terminated === undefined && (status?.restartCount ?? 0) > 0;
  const asked = { container: "workspace", previous, lines: 20 };
  const lastLog = status ? await cluster.log(`${name}-0`, asked).catch(() => null) : null; // none was kept: no words
  return readPodState({ statefulSet, pod, volumeClaim, events, node: "unknown", lastLog, now: new Date(), ...more });
}

/** Waits until that is what it says, and fails with what it says instead. */
export async function expectState(made: Made, state: object): Promise<void> {
  let said: PodState | null = null;
  const look = async () => {
    said = await lookAt(made);
    return said;
  };
  const matches = expect.poll(look, { interval: 300 }).toMatchObject(state);
  await matches.catch((error: unknown) => {
    throw new Error(`it said: ${JSON.stringify(said)}`, { cause: error });
  });
}

export const troubled = (words: string | RegExp) => ({
  kind: "starting",
  trouble: expect.stringMatching(words) as string,
});
