import { afterEach, expect, vi } from "vitest";
import type { RepositorySettings } from "../../../domain/repository";
import type { Host } from "../../../sessions/host";
import { clusterRights, namespaceRights } from "../cluster/rights";
import { describeCluster } from "../testing/cluster";
import { letRead, makeAccount } from "../testing/kubeconfigs";
import { makeQuota } from "../testing/quota";
import { openHosts, untilState } from "./testing/open-hosts";

const longMs = 300_000;
const patience = { interval: 50 };
const little = { cpu: "5m", memory: "16Mi" };
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

describeCluster("the volume of a repo pod, by the rights that the chart gives,", (ground) => {
  const { imageTest } = ground;
  const accounts = { count: 0 };

  async function serve({ settings = {}, reads = true }: { settings?: Partial<RepositorySettings>; reads?: boolean }) {
    accounts.count += 1;
    const account = `volumes-${accounts.count}`;
    const token = await makeAccount(ground, account, namespaceRights);
    if (reads) closings.push(await letRead(ground, account, clusterRights));
    const opened = await openHosts(ground, { token });
    closings.push(() => opened.proxy.goAway());
    const hosts = opened.start();
    closings.push(() => hosts.close());
    const repositoryId = opened.add({ settings });
    const host = hosts.host(repositoryId);
    const change = (more: Partial<RepositorySettings>) => {
      opened.add({ repositoryId, settings: { ...settings, ...more } });
      host.settingsChanged();
    };
    await untilState(host, "suspended");
    return { host, repositoryId, change };
  }
  const { namespace } = ground;
  const claimOf = async (repositoryId: string) => {
    const labelSelector = `trellis.dev/repository=${repositoryId}`;
    const { items } = await ground.admin.core.listNamespacedPersistentVolumeClaim({ namespace, labelSelector });
    return items[0];
  };
  const troubled = (host: Host, words: RegExp) =>
    vi.waitFor(() => expect(host.state()).toMatchObject({ trouble: expect.stringMatching(words) }), patience);

  for (const { reads, words } of [
    { reads: true, words: /volume: 64Mi → 128Mi is not possible: its storage class "standard" does not allow/ },
    {
      reads: false,
      words: /volume: 64Mi → 128Mi is not possible: the cluster refused: .*only dynamically provisioned/,
    },
  ])
    imageTest(
      `that cannot grow holds up no pod at rest, ${reads ? "by its class" : "where classes cannot be read"}`,
      async () => {
        const { host, change } = await serve({ reads });
        host.wake();
        await untilState(host, "reachable");
        await host.suspend();
        change({ storage: { size: "128Mi" }, resources: { requests: { ...little, memory: "20Mi" } } });
        await vi.waitFor(() => expect(host.facts().pending).toEqual([expect.stringMatching(words)]), patience);
        host.wake();
        await untilState(host, "reachable");
        await vi.waitFor(() => expect(host.facts().pending).toEqual([expect.stringMatching(words)]), patience);
        const pod = await ground.admin.core.readNamespacedPod({ namespace, name: host.facts().podName ?? "" });
        expect(pod.spec?.containers[0]?.resources?.requests?.["memory"]).toBe("20Mi");
        change({ storage: null });
        await vi.waitFor(() => expect(host.facts().pending.join()).not.toContain("volume"), patience);
      },
      longMs,
    );

  imageTest(
    "that a quota keeps from growing holds up no pod at rest",
    async () => {
      const name = `${namespace}-grows`;
      const classes = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name } };
      const provisioner = "trellis.test/local";
      const more = { provisioner, allowVolumeExpansion: true, volumeBindingMode: "WaitForFirstConsumer" };
      await ground.admin.objects.create({ ...classes, ...more });
      closings.push(() => ground.admin.objects.delete(classes));
      const { host, change } = await serve({ settings: { storage: { className: name } } });
      host.wake();
      await untilState(host, "reachable");
      await host.suspend();
      const hard = { [`${name}.storageclass.storage.k8s.io/requests.storage`]: "100Mi" };
      await makeQuota(ground.admin.core, namespace, { metadata: { name: "disk" }, spec: { hard } });
      change({ storage: { className: name, size: "128Mi" } });
      host.wake();
      await untilState(host, "reachable");
      const words = /64Mi → 128Mi is not possible: the cluster refused: .*exceeded quota: disk/;
      await vi.waitFor(() => expect(host.facts().pending).toEqual([expect.stringMatching(words)]), patience);
    },
    longMs,
  );

  for (const className of ["standard", null])
    imageTest(
      `of a class that is not there is made in ${className ?? "the default one"} once that is set`,
      async () => {
        const { host, change, repositoryId } = await serve({ settings: { storage: { className: "there-is-none" } } });
        host.wake();
        await troubled(host, /^There is no storage class "there-is-none"/);
        change({ storage: className === null ? null : { className } });
        await untilState(host, "reachable");
        expect((await claimOf(repositoryId))?.spec?.storageClassName).toBe("standard");
        await vi.waitFor(() => expect(host.facts().pending).toEqual([]), patience);
      },
      longMs,
    );

  imageTest(
    "of a class that is not there is made where classes cannot be read too, in the default one",
    async () => {
      const { host, change } = await serve({ settings: { storage: { className: "there-is-none" } }, reads: false });
      host.wake();
      await troubled(host, /^There is no storage class "there-is-none"/);
      change({ storage: null });
      await untilState(host, "reachable");
    },
    longMs,
  );

  imageTest(
    "of a class of the server's own that is not there is made by the next server, which has another",
    async () => {
      const opened = await openHosts(ground);
      closings.push(() => opened.proxy.goAway());
      const repositoryId = opened.add();
      const wrong = opened.start({ storageClass: "there-is-none" });
      closings.push(() => wrong.close());
      wrong.host(repositoryId).wake();
      await troubled(wrong.host(repositoryId), /^There is no storage class "there-is-none"/);
      await wrong.close();
      const right = opened.start({ storageClass: "standard" });
      closings.push(() => right.close());
      const host = right.host(repositoryId);
      await troubled(host, /^There is no storage class "there-is-none"/);
      host.wake();
      await untilState(host, "reachable");
    },
    longMs,
  );

  imageTest(
    "[I8] that was made is never taken away for another class",
    async () => {
      const { host, change, repositoryId } = await serve({});
      host.wake();
      await untilState(host, "reachable");
      const before = await claimOf(repositoryId);
      change({ storage: { className: "another" } });
      const words = /standard → another is not possible: a volume stays in the class that it was made in/;
      await vi.waitFor(() => expect(host.facts().pending).toEqual([expect.stringMatching(words)]), patience);
      await host.suspend();
      host.wake();
      await untilState(host, "reachable");
      const after = await claimOf(repositoryId);
      expect([after?.metadata?.uid, after?.spec?.volumeName]).toEqual([
        before?.metadata?.uid,
        before?.spec?.volumeName,
      ]);
    },
    longMs,
  );
});
