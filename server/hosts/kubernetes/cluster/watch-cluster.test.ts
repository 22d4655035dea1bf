import { afterEach, expect, test } from "vitest";
import { quietLog } from "../../testing/link-fixture";
import { ApiProxy } from "../testing/api-proxy";
import { type ClusterGround, describeCluster } from "../testing/cluster";
import { writeKubeconfig } from "../testing/kubeconfigs";
import type { WatchState } from "./cluster";
import { openCluster } from "./open-cluster";

/** Short, so that what takes half a minute is seen in a second; the API server takes whole seconds. */
const timings = { answerMs: 30_000, watchMs: 2_000, watchGraceMs: 10_000, backoff: { fromMs: 20, toMs: 200 } };
/** For what is to be found silent. */
const impatient = { ...timings, answerMs: 3_000, watchGraceMs: 500 };
const closings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** Of the service accounts named by the test, which nobody else makes. */
async function watchThroughProxy(ground: ClusterGround, label: string, pace = timings) {
  const proxy = await ApiProxy.open(ground.admin.kubeConfig.getCurrentCluster()?.server ?? "");
  closings.push(() => proxy.goAway());
  const kubeconfig = await writeKubeconfig(ground, label, { cluster: { server: proxy.url } });
  const { namespace } = ground;
  const cluster = await openCluster({ kubeconfig, namespace, log: quietLog, timings: pace });
  const abort = new AbortController();
  closings.push(() => abort.abort());
  const seen = { names: [] as string[], states: [] as WatchState[], changes: 0 };
  const listener = {
    changed(objects: ReadonlyMap<string, unknown>) {
      seen.names = [...objects.keys()].sort();
      seen.changes += 1;
    },
    state: (state: WatchState) => void seen.states.push(state),
  };
  cluster.watch({ kind: "ServiceAccount", selector: `watched=${label}` }, listener, abort.signal);
  const body = (name: string) => ({ metadata: { name, labels: { watched: label } } });
  return {
    ...{ proxy, seen, abort },
    make: (name: string) => ground.admin.core.createNamespacedServiceAccount({ namespace, body: body(name) }),
    remove: (name: string) => ground.admin.core.deleteNamespacedServiceAccount({ namespace, name }),
    isSynced: () => seen.states.at(-1)?.synced === true,
  };
}

describeCluster("a watch on a cluster", (ground) => {
  test("tells what there is, and every change, from one watch to the next", async () => {
    const { seen, make, remove, isSynced, proxy } = await watchThroughProxy(ground, "plain");
    await expect.poll(isSynced).toBe(true);
    await make("plain-a");
    await make("plain-b");
    await expect.poll(() => seen.names).toEqual(["plain-a", "plain-b"]);
    const before = proxy.opened;
    await expect.poll(() => proxy.opened).toBeGreaterThan(before);
    await remove("plain-a");
    await expect.poll(() => seen.names).toEqual(["plain-b"]);
    expect(seen.states).toEqual([{ synced: false, reason: null }, { synced: true }]);
  });

  test("[I1] while the API server is away nothing is gone, it is told why, and what was deleted meanwhile is seen after", async () => {
    const { seen, make, remove, isSynced, proxy } = await watchThroughProxy(ground, "away");
    await make("away-a");
    await make("away-b");
    await expect.poll(() => seen.names).toEqual(["away-a", "away-b"]);
    await proxy.goAway();
    await expect
      .poll(() => seen.states.at(-1))
      .toMatchObject({
        synced: false,
        reason: expect.stringMatching(/is not there \(connection refused\)/),
      });
    await remove("away-a");
    expect(seen.names).toEqual(["away-a", "away-b"]);
    await proxy.comeBack();
    await expect.poll(isSynced).toBe(true);
    expect(seen.names).toEqual(["away-b"]);
  });

  test("connections that are cut lose no change, and are not told", async () => {
    const { seen, make, isSynced, proxy } = await watchThroughProxy(ground, "cut");
    await expect.poll(isSynced).toBe(true);
    const names: string[] = [];
    for (let at = 0; at < 5; at++) {
      proxy.cut();
      await make(`cut-${at}`);
      names.push(`cut-${at}`);
      await expect.poll(() => seen.names).toEqual(names);
    }
    expect(seen.states).toEqual([{ synced: false, reason: null }, { synced: true }]);
  });

  test("a link that went silent is found, told as old, and goes on when the network is back", async () => {
    const { seen, make, isSynced, proxy } = await watchThroughProxy(ground, "held", impatient);
    await expect.poll(isSynced).toBe(true);
    proxy.hold();
    await make("held-a");
    await expect
      .poll(() => seen.states.at(-1))
      .toMatchObject({
        synced: false,
        reason: expect.stringMatching(/did not answer within/),
      });
    expect(seen.names).toEqual([]);
    proxy.letGo();
    await expect.poll(isSynced).toBe(true);
    expect(seen.names).toEqual(["held-a"]);
  });

  test("after its end nothing is told and no connection is left", async () => {
    const { seen, make, isSynced, proxy, abort } = await watchThroughProxy(ground, "ended");
    await expect.poll(isSynced).toBe(true);
    abort.abort();
    await expect.poll(() => proxy.connections).toBe(0);
    const { changes, states } = seen;
    const told = states.length;
    await make("ended-a");
    expect([seen.changes, seen.states.length]).toEqual([changes, told]);
    expect(proxy.connections).toBe(0);
  });
});
