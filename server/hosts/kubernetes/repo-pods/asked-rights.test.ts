import { afterEach, expect, vi } from "vitest";
import { clusterRights, namespaceRights } from "../cluster/rights";
import { describeCluster } from "../testing/cluster";
import { letRead, makeAccount } from "../testing/kubeconfigs";
import { openRightsRecorder } from "../testing/rights-recorder";
import { openHosts, untilState } from "./testing/open-hosts";

const patience = { interval: 50 };
const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

describeCluster("the rights of the list", (ground) => {
  ground.imageTest(
    "are what the life of a repo pod asks for, each of them, and nothing else",
    async () => {
      const token = await makeAccount(ground, "recorded", namespaceRights);
      closings.push(await letRead(ground, "recorded", clusterRights));
      const recorder = await openRightsRecorder(ground.admin.kubeConfig);
      closings.push(() => recorder.close());
      const opened = await openHosts(ground, { token, cluster: recorder.cluster });
      closings.push(() => opened.proxy.goAway());
      const hosts = opened.start();
      closings.push(() => hosts.close());
      const settings = { storage: { disruptionBudget: true } };
      const repositoryId = opened.add({ settings });
      const host = hosts.host(repositoryId);
      await hosts.look();
      await untilState(host, "suspended");
      host.wake();
      await untilState(host, "reachable");
      // A container that cannot run in what it is given has ended, and its log is asked for.
      const resources = { requests: { cpu: "5m", memory: "12Mi" }, limits: { cpu: "1", memory: "12Mi" } };
      opened.add({ repositoryId, settings: { ...settings, resources } });
      await host.restart();
      const isTroubled = { kind: "starting", trouble: expect.any(String) as string };
      await vi.waitFor(() => expect(host.state()).toMatchObject(isTroubled), patience);
      await vi.waitFor(() => expect([...recorder.asked]).toContain("get /pods/log"), patience);
      await host.remove();
      const needed = [...namespaceRights, ...clusterRights].flatMap(({ group, resource, verbs }) =>
        verbs.map((verb) => `${verb} ${group}/${resource}`),
      );
      // Since 1.35 the API server itself asks for it, of who asks to get one.
      const byServer = ["create /pods/exec"];
      expect([...recorder.asked].sort()).toEqual(needed.filter((right) => !byServer.includes(right)).sort());
    },
    180_000,
  );
});
