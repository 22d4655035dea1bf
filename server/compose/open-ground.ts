import path from "node:path";
import { ensureApiToken } from "../accounts/ensure-api-token";
import { ensureSecretKey } from "../accounts/ensure-secret-key";
import type { Config } from "../config";
import type { KubernetesHosts } from "../hosts/kubernetes/open-kubernetes-hosts";
import type { LocalHost } from "../hosts/local/local-host";
import type { Lifecycle } from "../kit/lifecycle";
import type { Store } from "../store/open-store";
import type { ComposeOptions } from "./compose-options";
import type { DataDirectory } from "./data-directory";
import { holdLease, type Lease } from "./hold-lease";

export type Ground = {
  apiToken: string;
  store: Store;
  lease: Lease;
  /** Also where repositories may not live on this machine: remotes are looked at from here. */
  local: LocalHost;
  /** Null where this server was given no cluster. */
  kubernetes: KubernetesHosts | null;
};

type Held = { directory: DataDirectory; lifecycle: Lifecycle };

/** What the rooms stand on, begun in order and registered for closing: store, lease, hosts. */
export async function openGround(config: Config, options: ComposeOptions, held: Held): Promise<Ground> {
  const { root, log, adapters, signal } = options;
  const { directory, lifecycle } = held;
  const [secretKey, apiToken] = await Promise.all([
    ensureSecretKey(config.dataDir, config.secretKey),
    ensureApiToken(config.dataDir),
  ]);
  const migrationsDir = path.join(root, "prisma", "migrations");
  const store = await adapters.openStore({ url: config.databaseUrl, secretKey, migrationsDir, log });
  lifecycle.onClose("the store", () => store.close());

  const now = () => new Date();
  const above = await directory.highestNumber();
  const lease = await holdLease({ leases: store.leases, owner: directory.id, above, now, log, signal });
  lifecycle.onClose("the lease", () => lease.release());
  await directory.keepNumber(lease.number);

  signal.throwIfAborted();
  const opening = new AbortController();
  const giveUp = () => opening.abort();
  signal.addEventListener("abort", giveUp);
  const local = await adapters.openLocalHost({
    dataDir: config.dataDir,
    bundleDir: path.join(root, "dist", "holder"),
    environment: options.environment,
    serverNumber: lease.number,
    terminalLogBytes: config.terminalLogBytes,
    log,
    // Only the start is given up by it: a stop lets go of the holder after the rooms let go of their programs.
    signal: opening.signal,
  });
  lifecycle.onClose("the local host", () => local.close());
  signal.removeEventListener("abort", giveUp);
  signal.throwIfAborted();
  const kubernetes = await openKubernetes(config, options, { store, lease });
  if (kubernetes) lifecycle.onClose("the cluster", () => kubernetes.close());
  return { apiToken, store, lease, local, kubernetes };
}

/** Nothing is asked of the cluster here: a start waits for none. */
async function openKubernetes(
  { cluster, terminalLogBytes }: Config,
  { adapters, log }: ComposeOptions,
  { store, lease }: Pick<Ground, "store" | "lease">,
): Promise<KubernetesHosts | null> {
  if (!cluster) return null;
  const { kubeconfig, ...defaults } = cluster;
  return adapters.openKubernetesHosts({
    kubeconfig,
    defaults: { ...defaults, instance: await store.installation.id() },
    async wish(repositoryId) {
      const repository = await store.repositories.get(repositoryId);
      if (!repository) return null;
      const { userId, name, settings } = repository;
      const username = (await store.accounts.getUser(userId))?.username ?? "unknown";
      return { repositoryId, repositoryName: name, userId, username, settings };
    },
    serverNumber: lease.number,
    terminalLogBytes,
    log,
  });
}
