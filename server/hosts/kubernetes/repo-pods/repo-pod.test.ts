import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, vi } from "vitest";
import type { Host } from "../../../sessions/host";
import { Seen } from "../../../terminals/pty-host.contract";
import { describeCluster } from "../testing/cluster";
import { makeQuota } from "../testing/quota";
import { openHosts, untilState } from "./testing/open-hosts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
/** Of what is waited for one after another in a test. */
const longMs = 300_000;
const patience = { interval: 50 };
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

describeCluster("a repo pod", (ground) => {
  const { imageTest } = ground;
  let opened: Awaited<ReturnType<typeof openHosts>>;
  beforeEach(async () => {
    opened = await openHosts(ground);
    const { proxy } = opened;
    closings.push(() => proxy.goAway());
  });

  /** A server's view of a repository; another one is another server. */
  function serve(repositoryId = opened.add(), defaults: { workspaceImage?: string; namespace?: string } = {}) {
    const hosts = opened.start(defaults);
    closings.push(() => hosts.close());
    return { repositoryId, hosts, host: hosts.host(repositoryId), ptys: hosts.ptys(repositoryId) };
  }

  async function up(repositoryId?: string) {
    const served = serve(repositoryId);
    served.host.wake();
    expect(served.host.state()).toMatchObject({ kind: "starting" });
    await untilState(served.host, "reachable");
    return served;
  }

  const podOf = async (host: Host) => {
    const { podName } = host.facts();
    const { namespace } = ground;
    return ground.admin.core.readNamespacedPod({ namespace, name: podName ?? "" });
  };
  const setOf = async (name: string) =>
    ground.admin.apps.readNamespacedStatefulSet({ namespace: ground.namespace, name });

  imageTest(
    "is made by the first who wakes it, rests with its files kept, and comes up with them",
    async () => {
      const { host } = await up();
      const [set] = (host.facts().podName ?? "").split(/-0$/);
      await host.run(["sh", "-c", "echo kept > /workspace/sessions/file"]);
      await host.suspend();
      expect(host.state().kind).toBe("suspended");
      expect(host.facts().podName).toBeNull();
      expect((await setOf(set ?? "")).spec?.replicas).toBe(0);
      host.wake();
      await untilState(host, "reachable");
      expect(text((await host.run(["cat", "/workspace/sessions/file"])).stdout)).toBe("kept\n");
    },
    longMs,
  );

  imageTest(
    "of wake and rest the last one holds, also where the other is under way",
    async () => {
      const { host } = await up();
      const set = (host.facts().podName ?? "").replace(/-0$/, "");
      const resting = host.suspend();
      host.wake();
      await resting;
      // Its pod may be the same: who is quick enough is never seen at rest.
      await vi.waitFor(async () => {
        expect(host.state().kind).toBe("reachable");
        expect((await setOf(set)).spec?.replicas).toBe(1);
      }, patience);
      host.wake();
      await host.suspend();
      expect(host.state().kind).toBe("suspended");
    },
    longMs,
  );

  imageTest(
    "deleted by hand comes back on its volume, and its programs are told as lost at their last byte",
    async () => {
      const { host, ptys } = await up();
      const place = { cwd: "/workspace/sessions", env: {}, cols: 80, rows: 24 };
      const processId = randomUUID();
      const command = ["sh", "-c", "echo unpushed > work; printf before; exec sleep 600"];
      const { epoch } = await ptys.open({ processId, sessionId: randomUUID(), command, ...place });
      const seen = new Seen(ptys, { processId, epoch, offset: 0 });
      await vi.waitFor(() => expect(seen.text).toBe("before"), patience);
      const { metadata } = await podOf(host);
      await ground.admin.core.deleteNamespacedPod({ namespace: ground.namespace, name: metadata?.name ?? "" });
      await vi.waitFor(() => expect(seen.last).toMatchObject({ kind: "exit", offset: 6 }), patience);
      expect(seen.broken).toEqual([]);
      await vi.waitFor(async () => {
        expect(host.state().kind).toBe("reachable");
        expect((await podOf(host)).metadata?.uid).not.toBe(metadata?.uid);
      }, patience);
      expect(text((await host.run(["cat", "/workspace/sessions/work"])).stdout)).toBe("unpushed\n");
    },
    longMs,
  );

  imageTest(
    "[I3] another server finds it, touches nothing, and its programs go on",
    async () => {
      const first = await up();
      const { metadata } = await podOf(first.host);
      const place = { cwd: "/", env: {}, cols: 80, rows: 24 };
      const processId = randomUUID();
      const { epoch } = await first.ptys.open({
        processId,
        sessionId: randomUUID(),
        command: ["sleep", "600"],
        ...place,
      });
      await first.hosts.close();
      const next = serve(first.repositoryId, { workspaceImage: "localhost/newer:1" });
      await untilState(next.host, "reachable");
      expect((await next.ptys.find(processId))?.epoch).toBe(epoch);
      await vi.waitFor(() => expect(next.host.facts().pending.join()).toContain("localhost/newer:1"), patience);
      const { metadata: now } = await podOf(next.host);
      expect([now?.uid, now?.resourceVersion]).toEqual([metadata?.uid, metadata?.resourceVersion]);
      expect((await setOf(now?.name?.replace(/-0$/, "") ?? "")).metadata?.generation).toBe(1);
    },
    longMs,
  );

  imageTest(
    "keeps its programs when settings change, says what is pending, and has it after a restart",
    async () => {
      const { host, repositoryId } = await up();
      const before = await podOf(host);
      // Also under another name: the objects stay, for another volume would be another's work.
      opened.add({ repositoryId, name: "Renamed", settings: { resources: { requests: { memory: "256Mi" } } } });
      host.settingsChanged();
      await vi.waitFor(() => expect(host.facts().pending.join()).toContain("256Mi"), patience);
      expect((await podOf(host)).metadata?.uid).toBe(before.metadata?.uid);
      await host.restart();
      await untilState(host, "reachable");
      const after = await podOf(host);
      expect(after.spec?.containers[0]?.resources?.requests?.["memory"]).toBe("256Mi");
      expect(after.metadata?.name).toBe(before.metadata?.name);
      expect(after.metadata?.uid).not.toBe(before.metadata?.uid);
      await vi.waitFor(() => expect(host.facts().pending).toEqual([]), patience);
    },
    longMs,
  );

  imageTest(
    "in which nothing could ever start takes a corrected setting by itself",
    async () => {
      const image = "localhost/does-not-exist:1";
      const { host, repositoryId } = serve(opened.add({ settings: { image } }));
      host.wake();
      await vi.waitFor(() => expect(host.state()).toMatchObject({ trouble: expect.stringContaining(image) }), patience);
      opened.add({ repositoryId });
      host.settingsChanged();
      await untilState(host, "reachable");
      expect((await podOf(host)).spec?.containers[0]?.image).toBe(ground.image);
    },
    longMs,
  );

  imageTest(
    "whose settings are changed while the cluster is away has them once it is back",
    async () => {
      const { host, repositoryId } = await up();
      await opened.proxy.goAway();
      opened.add({ repositoryId, settings: { resources: { requests: { cpu: "5m", memory: "300Mi" } } } });
      host.settingsChanged();
      await vi.waitFor(() => expect(host.facts().pending.join()).toContain("not applied yet"), patience);
      await opened.proxy.comeBack();
      const memory = expect.stringMatching(/^requested memory: .* → 300Mi/);
      await vi.waitFor(() => expect(host.facts().pending).toEqual([memory]), patience);
    },
    longMs,
  );

  imageTest(
    "removed is gone with its volume, and whoever removes again has nothing to do",
    async () => {
      const { host, hosts, repositoryId } = await up();
      const name = (host.facts().podName ?? "").replace(/-0$/, "");
      await host.remove();
      await host.remove();
      const { namespace, admin } = ground;
      const labelSelector = `trellis.dev/repository`;
      const left = await Promise.all([
        admin.core.listNamespacedPod({ namespace, labelSelector }),
        admin.core.listNamespacedPersistentVolumeClaim({ namespace, labelSelector }),
        admin.core.listNamespacedService({ namespace, labelSelector }),
        admin.core.listNamespacedServiceAccount({ namespace, labelSelector }),
        admin.apps.listNamespacedStatefulSet({ namespace, labelSelector }),
      ]);
      const names = left.flatMap(({ items }) => items.map(({ metadata }) => metadata?.name));
      expect(names).not.toContain(name);
      await vi.waitFor(() => expect(host.state().kind).toBe("suspended"), patience);
      await vi.waitFor(() => expect(hosts.host(repositoryId)).not.toBe(host), patience);
      hosts.host(repositoryId).wake();
      expect(hosts.host(repositoryId).state().kind).toBe("suspended");
    },
    longMs,
  );

  imageTest(
    "[I1] while the cluster is away it is unknown, not gone, and nothing is made anew",
    async () => {
      const { host, proxy, hosts } = { ...(await up()), proxy: opened.proxy };
      const { metadata } = await podOf(host);
      await proxy.goAway();
      await untilState(host, "unreachable");
      await vi.waitFor(() => expect(hosts.state()).toMatchObject({ kind: "unreachable" }), patience);
      // What was asked right then was cut off; what is asked after is refused.
      const reason = expect.stringContaining("connection refused");
      await vi.waitFor(() => expect(host.state()).toMatchObject({ kind: "unreachable", reason }), patience);
      await expect(host.suspend()).rejects.toMatchObject({ code: "unavailable" });
      host.wake();
      await proxy.comeBack();
      await untilState(host, "reachable");
      expect((await podOf(host)).metadata?.uid).toBe(metadata?.uid);
    },
    longMs,
  );

  imageTest(
    "of another installation is nobody's here: both have their own in one namespace",
    async () => {
      const first = await up();
      const other = await openHosts(ground);
      closings.push(() => other.proxy.goAway());
      const hosts = other.start();
      closings.push(() => hosts.close());
      const repositoryId = other.add();
      const host = hosts.host(repositoryId);
      await untilState(host, "suspended");
      host.wake();
      await untilState(host, "reachable");
      expect(host.facts().podName).not.toBe(first.host.facts().podName);
      await host.remove();
      await first.host.run(["true"]);
    },
    longMs,
  );

  imageTest(
    "whose name is taken by what is not ours says so, and leaves that alone",
    async () => {
      const { host } = await up();
      const name = (host.facts().podName ?? "").replace(/-0$/, "");
      const { repositoryId } = { repositoryId: (await setOf(name)).metadata?.labels?.["trellis.dev/repository"] ?? "" };
      // Another installation with a copy of the repository's row: the same name, and other labels.
      const other = await openHosts(ground);
      closings.push(() => other.proxy.goAway());
      const hosts = other.start();
      closings.push(() => hosts.close());
      const thief = hosts.host(other.add({ repositoryId }));
      const { metadata } = await setOf(name);
      const asWritten = { generation: metadata?.generation, labels: metadata?.labels };
      thief.wake();
      await vi.waitFor(() => expect(thief.state()).toMatchObject({ trouble: expect.stringContaining(name) }), patience);
      await thief.remove();
      // Not its version: the cluster itself writes its status.
      expect((await setOf(name)).metadata).toMatchObject(asWritten);
      await host.run(["true"]);
    },
    longMs,
  );

  imageTest(
    "that a quota refuses is told in the cluster's words, and comes up once there is room",
    async () => {
      const { namespace, admin } = ground;
      const body = { metadata: { name: "no-volumes" }, spec: { hard: { persistentvolumeclaims: "0" } } };
      await makeQuota(admin.core, namespace, body);
      const { host } = serve();
      host.wake();
      const trouble = expect.stringMatching(/exceeded quota: no-volumes/);
      await vi.waitFor(() => expect(host.state()).toMatchObject({ kind: "starting", trouble }), patience);
      await admin.core.deleteNamespacedResourceQuota({ namespace, name: "no-volumes" });
      await untilState(host, "reachable");
    },
    longMs,
  );

  imageTest(
    "makes its namespace where there is none and it may",
    async () => {
      const namespace = `${ground.namespace}-new`;
      const { host } = serve(opened.add(), { namespace });
      closings.push(() => ground.admin.core.deleteNamespace({ name: namespace }).catch(() => {})); // it was never made
      await untilState(host, "suspended");
      host.wake();
      await untilState(host, "reachable");
    },
    longMs,
  );
});
