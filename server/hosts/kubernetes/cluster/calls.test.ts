import { expect, test } from "vitest";
import { AppError } from "../../../domain/app-error";
import { quietLog } from "../../testing/link-fixture";
import { describeCluster } from "../testing/cluster";
import { makeAccount, writeKubeconfig } from "../testing/kubeconfigs";
import { openCluster } from "./open-cluster";
import { namespaceRights } from "./rights";

const labels = { app: "calls" };
const container = { name: "workspace", image: "localhost/no-such-image:1" };

function statefulSet(name: string, image = container.image) {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, labels },
    spec: {
      replicas: 0,
      serviceName: name,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ ...container, image }] } },
    },
  };
}

const claim = (name: string) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, labels },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
});

describeCluster("calls to a cluster by an account with exactly the rights of the list", (ground) => {
  let opened: ReturnType<typeof openCluster> | null = null;
  /** By no more than the rights that the chart gives: a call that needs another fails here. */
  const asTrellis = () => {
    opened ??= (async () => {
      const token = await makeAccount(ground, "calls", namespaceRights);
      const kubeconfig = await writeKubeconfig(ground, "calls", { user: { token } });
      return openCluster({ kubeconfig, namespace: ground.namespace, log: quietLog });
    })();
    return opened;
  };

  test("what is applied is made, then changed, and scaled, and gone after it was removed twice", async () => {
    const cluster = await asTrellis();
    expect(await cluster.get("StatefulSet", "one")).toBeNull();
    const made = await cluster.apply(statefulSet("one"));
    expect(made.metadata).toMatchObject({ name: "one", namespace: ground.namespace });
    const changed = await cluster.apply(statefulSet("one", "localhost/another-image:1"));
    expect(changed.spec?.template.spec?.containers[0]?.image).toBe("localhost/another-image:1");
    await cluster.scale("one", 1);
    const read = await ground.admin.apps.readNamespacedStatefulSet({ name: "one", namespace: ground.namespace });
    expect(read.spec?.replicas).toBe(1);
    expect(read.metadata?.managedFields?.map(({ manager }) => manager)).toContain("trellis");
    expect((await cluster.get("StatefulSet", "one"))?.metadata?.creationTimestamp).toBeInstanceOf(Date);
    await cluster.remove("StatefulSet", "one");
    await cluster.remove("StatefulSet", "one");
    expect(await cluster.get("StatefulSet", "one")).toBeNull();
  });

  test("a field of ours that someone else set is ours again", async () => {
    const cluster = await asTrellis();
    const { namespace } = ground;
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "forced" } };
    await cluster.apply({ ...account, automountServiceAccountToken: false });
    const theirs = { ...account, metadata: { name: "forced", namespace }, automountServiceAccountToken: true };
    const none = undefined;
    await ground.admin.objects.patch(theirs, none, none, "someone", true, "application/apply-patch+yaml");
    await cluster.apply({ ...account, automountServiceAccountToken: false });
    const read = await ground.admin.core.readNamespacedServiceAccount({ name: "forced", namespace });
    expect(read.automountServiceAccountToken).toBe(false);
  });

  test("a list goes by labels, says what each is, and has times that are dates, of events too", async () => {
    const cluster = await asTrellis();
    await cluster.apply(claim("listed"));
    const listed = await cluster.list("PersistentVolumeClaim", "app=calls");
    expect(listed).toMatchObject([{ kind: "PersistentVolumeClaim", apiVersion: "v1", metadata: { name: "listed" } }]);
    expect(await cluster.list("PersistentVolumeClaim", "app=other")).toEqual([]);
    await expect.poll(() => cluster.list("Event", "")).not.toEqual([]);
    const [event] = await cluster.list("Event", "");
    expect(event?.kind).toBe("Event");
    expect(event?.metadata.creationTimestamp).toBeInstanceOf(Date);
  });

  test("[I8] what is removed by its uid is that very object, never another of the same name", async () => {
    const cluster = await asTrellis();
    await cluster.apply(claim("by-uid"));
    await cluster.remove("PersistentVolumeClaim", "by-uid", { uid: "00000000-0000-0000-0000-000000000000" });
    const spared = await cluster.get("PersistentVolumeClaim", "by-uid");
    expect(spared?.metadata?.deletionTimestamp).toBeUndefined();
    const uid = spared?.metadata?.uid;
    if (!uid) throw new Error("it has no uid");
    await cluster.remove("PersistentVolumeClaim", "by-uid", { uid });
    await expect.poll(() => cluster.get("PersistentVolumeClaim", "by-uid")).toBeNull();
  });

  test("the log of a pod that printed nothing is empty, and that of one that is not there is refused", async () => {
    const cluster = await asTrellis();
    const { namespace } = ground;
    const body = { metadata: { name: "silent" }, spec: { containers: [container] } };
    await ground.admin.core.createNamespacedPod({ namespace, body });
    const asked = { container: "workspace", lines: 5 };
    // Refused until it has a node, and that node has heard of it.
    await expect.poll(() => cluster.log("silent", { ...asked, previous: false })).toBe("");
    expect(await cluster.log("silent", { ...asked, previous: true })).toBe("");
    const failure = await cluster.log("absent", { ...asked, previous: false }).catch((error: unknown) => error);
    expect(AppError.is(failure) && [failure.code, failure.message]).toEqual([
      "refused",
      'the cluster refused: pods "absent" not found',
    ]);
    await cluster.remove("Pod", "silent", { graceSeconds: 0 });
  });

  ground.imageTest("the last lines of a container are told", async () => {
    const cluster = await asTrellis();
    const { namespace, image } = ground;
    const printing = {
      name: "workspace",
      image,
      command: ["/bin/sh", "-c", "echo one; echo two; echo three; exec sleep 600"],
    };
    await ground.admin.core.createNamespacedPod({
      namespace,
      body: { metadata: { name: "printing" }, spec: { containers: [printing] } },
    });
    const log = () => cluster.log("printing", { container: "workspace", previous: false, lines: 2 });
    await expect.poll(log).toBe("two\nthree\n");
    await cluster.remove("Pod", "printing", { graceSeconds: 0 });
  });

  test("a quota that is used up, and an object that is wrong, are refused in the API server's words", async () => {
    const cluster = await asTrellis();
    const spec = { hard: { "count/poddisruptionbudgets.policy": "0" } };
    await ground.admin.core.createNamespacedResourceQuota({
      namespace: ground.namespace,
      body: { metadata: { name: "none" }, spec },
    });
    const budget = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "over" },
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    };
    // The quota counts once its controller has seen it.
    const refusal = async () => {
      const failure = await cluster.apply(budget).catch((error: unknown) => error);
      if (!AppError.is(failure)) await cluster.remove("PodDisruptionBudget", "over");
      return AppError.is(failure) ? `${failure.code}: ${failure.message}` : "none";
    };
    await expect.poll(refusal).toMatch(/^refused: the cluster refused: .*exceeded quota: none/);
    const wrong = { ...claim("wrong"), spec: { accessModes: ["Sometimes"] } };
    await expect(cluster.apply(wrong)).rejects.toThrow(/the cluster refused: .*is invalid.*Sometimes/);
  });
});
