import { afterEach, expect, vi } from "vitest";
import { describeCluster } from "../testing/cluster";
import { openHosts, untilState } from "./testing/open-hosts";

const patience = { interval: 50 };
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

describeCluster("a repo pod that somebody else takes down", (ground) => {
  const { namespace } = ground;
  const byHand: Record<string, (name: string) => Promise<unknown>> = {
    "whose set is deleted": (name) => ground.admin.apps.deleteNamespacedStatefulSet({ name, namespace }),
    "whose set is scaled to nothing": (name) =>
      ground.admin.apps.replaceNamespacedStatefulSetScale({
        ...{ name, namespace, fieldManager: "kubectl" },
        body: { metadata: { name, namespace }, spec: { replicas: 0 } },
      }),
  };

  for (const [title, takeDown] of Object.entries(byHand))
    ground.imageTest(
      `${title} says so, since then, to the next server too, and comes up with its files`,
      async () => {
        const opened = await openHosts(ground);
        closings.push(() => opened.proxy.goAway());
        const repositoryId = opened.add();
        // By another server: its wish that the pod comes up may outlast that a little, and makes anew what is taken down.
        const maker = opened.start();
        closings.push(() => maker.close());
        maker.host(repositoryId).wake();
        await untilState(maker.host(repositoryId), "reachable");
        await maker.close();
        const hosts = opened.start();
        closings.push(() => hosts.close());
        const host = hosts.host(repositoryId);
        await untilState(host, "reachable");
        await host.run(["sh", "-c", "echo kept > /workspace/sessions/file"]);
        const name = (host.facts().podName ?? "").replace(/-0$/, "");
        const pod = await ground.admin.core.readNamespacedPod({ name: `${name}-0`, namespace });
        await takeDown(name);
        const reason = expect.stringContaining("taken down, not by Trellis");
        await vi.waitFor(() => expect(host.state()).toMatchObject({ kind: "suspended", reason }), patience);
        const state = host.state();
        const madeAt = pod.metadata?.creationTimestamp?.getTime() ?? Number.POSITIVE_INFINITY;
        if (state.kind === "suspended") expect(state.since.getTime()).toBeGreaterThanOrEqual(madeAt);
        // What the cluster does not tell a server that was not there is only known since it looked.
        const next = opened.start();
        closings.push(() => next.close());
        const seen = next.host(repositoryId);
        await vi.waitFor(() => expect(seen.state()).toMatchObject({ kind: "suspended", reason }), patience);
        seen.wake();
        await untilState(seen, "reachable");
        const { stdout } = await seen.run(["cat", "/workspace/sessions/file"]);
        expect(new TextDecoder().decode(stdout)).toBe("kept\n");
        await seen.suspend();
        expect(seen.state()).toEqual({ kind: "suspended", since: expect.any(Date) });
      },
      240_000,
    );
});
