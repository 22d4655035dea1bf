import type { V1PodSpec } from "@kubernetes/client-node";
import { afterAll, expect } from "vitest";
import type { RepositorySettings } from "../../../domain/repository";
import { type ClusterGround, describeCluster, makeNamespace } from "../testing/cluster";
import { makeQuota } from "../testing/quota";
import { expectState, type Made, StateGround, troubled } from "../testing/state-ground";

const longMs = 240_000;

type Bad = {
  settings?: Partial<RepositorySettings>;
  defaults?: { imagePullSecrets: string[] };
  change?(spec: V1PodSpec): void;
  without?: "volumeClaim";
};

const command = (line: string) => (spec: V1PodSpec) => {
  const [workspace] = spec.containers;
  if (workspace) workspace.command = ["/bin/sh", "-c", line];
};

/** 64-bit ARM, by the word of the file's own header. */
const otherArchitecture = String.raw`mkdir /install/etc && cp /etc/passwd /etc/group /install/etc && cp /opt/trellis/init /install/init &&
  printf '\267\000' | dd of=/install/init bs=1 seek=18 conv=notrunc`;

const bad = {
  cpu: { settings: { resources: { requests: { cpu: "1000", memory: "16Mi" } } } },
  selector: { settings: { nodeSelector: { disk: "ssd" } } },
  image: { settings: { image: "localhost/there-is-none:1" } },
  "image-name": { settings: { image: "localhost/Not-A-Name:1" } },
  "pull-secret": {
    settings: { image: "localhost/private:1" },
    defaults: { imagePullSecrets: ["there-is-none"] },
  },
  class: { settings: { storage: { className: "there-is-none" } } },
  volume: { without: "volumeClaim" },
  oom: { change: command("tail /dev/zero"), settings: { resources: { limits: { cpu: "1", memory: "32Mi" } } } },
  crash: { change: command("echo first; echo the last words >&2; exit 3") },
  program: {
    change: (spec) => {
      const [workspace] = spec.containers;
      if (workspace) workspace.command = ["/nowhere/init", "serve"];
    },
  },
  secret: {
    change: (spec) => {
      spec.volumes?.push({ name: "more", secret: { secretName: "there-is-none" } });
      spec.containers[0]?.volumeMounts?.push({ name: "more", mountPath: "/more" });
    },
  },
} satisfies Record<string, Bad>;

describeCluster("bad states, made for real", (ground) => {
  const told = (title: string, body: () => Promise<void>) => ground.imageTest(title, body, longMs);
  const made = startAll(ground, bad);
  const bring = (name: string, words: RegExp | string) => async () => expectState(await made(name), troubled(words));

  told(
    "a node without room: which resource, and how much is asked for",
    bring(
      "cpu",
      /one node does not take the pod: not enough cpu on 1, the pod asks for 1k? \(the scheduler: 0\/1 nodes/,
    ),
  );
  told("a node selector that no node has", bring("selector", /no match for the repository's node selector on 1/));
  told(
    "an image that is not there: which, and what the registry answers",
    bring("image", /^The image "localhost\/there-is-none:1" cannot be pulled: .*(refused|not found)/),
  );
  told(
    "a secret to pull with that the namespace lacks: which",
    bring(
      "pull-secret",
      /^The image "localhost\/private:1" cannot be pulled: .*lacks the secret to pull it with: there-is-none/,
    ),
  );
  told(
    "a name that no image can have",
    bring("image-name", /"localhost\/Not-A-Name:1" cannot be the name of an image/),
  );
  told(
    "a storage class that is not there",
    bring("class", /^There is no storage class "there-is-none" in the cluster/),
  );
  told("a volume that was deleted", bring("volume", /^Its volume was deleted by hand/));
  told(
    "a container that used up its memory: all of it was killed",
    bring("oom", /^The whole container was killed at its memory limit of 32Mi/),
  );
  told(
    "a crash loop: the exit code, and its last lines",
    bring("crash", /ended with exit code 3, started again .*Its last lines:\nfirst\nthe last words$/s),
  );
  told("an image without the program", bring("program", /has no "\/nowhere\/init", and the pod cannot start/));
  told(
    "a volume that cannot be mounted",
    bring("secret", /^The volume cannot be attached: .*"there-is-none" not found/),
  );
  told("a program for another kind of processor", async () => {
    const { image } = ground;
    const change = (spec: V1PodSpec) => {
      const [install] = spec.initContainers ?? [];
      if (install) install.command = ["/bin/sh", "-c", otherArchitecture];
    };
    const pod = await new StateGround(ground).make({ name: "architecture", settings: { image }, change });
    await expectState(pod, troubled(/is made for another kind of processor/));
  });
});

describeCluster("what a namespace refuses", (ground) => {
  const told = (title: string, body: () => Promise<void>) => ground.imageTest(title, body, longMs);
  const namespaces: string[] = [];
  const namespace = async (suffix: string, labels: Record<string, string> = {}) => {
    const name = `${ground.namespace}-${suffix}`;
    namespaces.push(name);
    await makeNamespace(ground.admin.core, name, labels);
    const { kubeconfig, image, trellisImage } = ground;
    return { name, states: new StateGround({ kubeconfig, image, trellisImage, namespace: name }) };
  };
  afterAll(async () => {
    for (const name of namespaces) await ground.admin.core.deleteNamespace({ name });
  });

  told("a quota that is used up: which, and by how much", async () => {
    const { name, states } = await namespace("quota");
    const quota = { metadata: { name: "small" }, spec: { hard: { "limits.memory": "1Gi" } } };
    await makeQuota(ground.admin.core, name, quota);
    const pod = await states.make({ name: "quota" });
    await expectState(
      pod,
      troubled('The quota "small" of the namespace is used up. limits.memory: the pod asks for 8Gi, 0 of 1Gi are used'),
    );
  });

  told("a LimitRange that allows less", async () => {
    const { name, states } = await namespace("limits");
    const spec = { limits: [{ type: "Container", max: { memory: "1Gi" } }] };
    await ground.admin.core.createNamespacedLimitRange({
      namespace: name,
      body: { metadata: { name: "small" }, spec },
    });
    const pod = await states.make({ name: "limits" });
    await expectState(pod, troubled(/LimitRange does not allow this pod: .*maximum memory usage per Container is 1Gi/));
  });

  told("[I7] pods of ours are let into a namespace that lets in the restricted only, others are not", async () => {
    const { states } = await namespace("restricted", { "pod-security.kubernetes.io/enforce": "restricted" });
    const { image } = ground;
    const allowed = [
      await states.make({ name: "ours" }),
      await states.make({ name: "own-image", settings: { image } }),
    ];
    const refused = await states.make({ name: "refused", change: (spec) => delete spec.securityContext });
    for (const pod of allowed) await expectState(pod, { kind: "ready" });
    await expectState(refused, troubled(/^The namespace does not allow this pod: it violates PodSecurity "restricted/));
  });

  told("a pod of somebody else that has the name is told, and stays", async () => {
    const { name, states } = await namespace("taken");
    const pod = await states.make({ name: "taken", without: "statefulSet" });
    const podName = `${pod.objects.statefulSet.metadata?.name}-0`;
    const containers = [{ name: "theirs", image: ground.image, command: ["sleep", "600"] }];
    const theirs = { metadata: { name: podName }, spec: { containers } };
    const { metadata } = await ground.admin.core.createNamespacedPod({ namespace: name, body: theirs });
    await pod.cluster.apply(pod.objects.statefulSet);
    await expectState(pod, troubled(`The pod "${podName}" is not of this repository`));
    expect((await pod.cluster.get("Pod", podName))?.metadata?.uid).toBe(metadata?.uid);
  });
});

/** All at once, when the first is asked for: they wait for the cluster, not for each other. */
function startAll(ground: ClusterGround, wanted: Record<string, Bad>): (name: string) => Promise<Made> {
  let all: Map<string, Promise<Made>> | null = null;
  return (name) => {
    const states = all ? null : new StateGround(ground);
    all ??= new Map(
      Object.entries(wanted).map(([of, how]) => [of, states?.make({ name: of, ...how }) as Promise<Made>]),
    );
    const one = all.get(name);
    if (!one) throw new Error(`no pod of this name was wanted: ${name}`);
    return one;
  };
}
