import { randomBytes } from "node:crypto";
import { defaultRepositorySettings, type RepositorySettings } from "../../../../domain/repository";
import type { Host } from "../../../../sessions/host";
import { quietLog } from "../../../testing/link-fixture";
import { openKubernetesHosts } from "../../open-kubernetes-hosts";
import { ApiProxy } from "../../testing/api-proxy";
import type { ClusterGround } from "../../testing/cluster";
import { writeKubeconfig } from "../../testing/kubeconfigs";

type Change = { repositoryId?: string; name?: string; settings?: Partial<RepositorySettings> };

type Way = { token?: string; cluster?: Record<string, unknown> };
type Defaults = { workspaceImage?: string; namespace?: string; storageClass?: string };

/** So little that all pods of a suite have room on one node. */
const resources = { requests: { cpu: "5m", memory: "16Mi" } };
/** Fast enough for a test: nothing here asserts how long a wait was. */
const timings = { firstRetryMs: 50, maxRetryMs: 500 };

/**
 * The hosts of one installation in the suite's namespace, behind a proxy that can be away. As the administrator, or with
 * the token of an account; `cluster` are entries of the kubeconfig for another way to the cluster than that proxy.
 */
export async function openHosts(ground: ClusterGround, { token, cluster = {} }: Way = {}) {
  const instance = `test-${randomBytes(4).toString("hex")}`;
  const proxy = await ApiProxy.open(ground.admin.kubeConfig.getCurrentCluster()?.server ?? "");
  const kubeconfig = await writeKubeconfig(ground, instance, {
    cluster: { server: proxy.url, ...cluster },
    ...(token === undefined ? {} : { user: { token } }),
  });
  const rows = new Map<string, { name: string; settings: RepositorySettings }>();
  const add = ({ repositoryId = randomBytes(8).toString("hex"), name = "Engine", settings = {} }: Change = {}) => {
    rows.set(repositoryId, { name, settings: { ...defaultRepositorySettings, resources, ...settings } });
    return repositoryId;
  };
  let serverNumber = 0;
  const start = (defaults: Defaults = {}) => {
    serverNumber += 1;
    const hosts = openKubernetesHosts({
      kubeconfig,
      defaults: {
        ...{ instance, imagePullSecrets: [], storageSize: "64Mi" },
        storageClass: defaults.storageClass ?? null,
        namespace: defaults.namespace ?? ground.namespace,
        workspaceImage: defaults.workspaceImage ?? ground.image,
        trellisImage: ground.trellisImage,
      },
      async wish(repositoryId) {
        const row = rows.get(repositoryId);
        if (!row) return null;
        return { repositoryId, repositoryName: row.name, userId: "ada", username: "ada", settings: row.settings };
      },
      ...{ serverNumber, terminalLogBytes: 4 * 1024 * 1024, timings, log: quietLog },
    });
    hosts.start();
    return hosts;
  };
  return { proxy, add, start };
}

/** Also when it is so already; the limit is for a broken program, not for a slow cluster. */
export async function untilState(host: Host, kind: ReturnType<Host["state"]>["kind"]): Promise<void> {
  if (host.state().kind === kind) return;
  await new Promise<void>((resolve, reject) => {
    const late = () => settle(() => reject(new Error(`not ${kind}, but ${JSON.stringify(host.state())}`)));
    const timer = setTimeout(late, 90_000);
    const off = host.onState((state) => {
      if (state.kind === kind) settle(resolve);
    });
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      off();
      finish();
    };
  });
}
