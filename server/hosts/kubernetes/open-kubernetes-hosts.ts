import type { Log } from "../../kit/log";
import type { Host, HostState } from "../../sessions/host";
import type { PtyHost } from "../../terminals/pty-host";
import type { LinkTimings } from "../link/timings";
import type { Cluster, ClusterLook } from "./cluster/cluster";
import { openCluster } from "./cluster/open-cluster";
import type { RepoPodDefaults, RepoPodWish } from "./objects/repo-pod-objects";
import { RepoPod } from "./repo-pods/repo-pod";
import { selectorOf } from "./repo-pods/selector-of";
import { WatchedObjects } from "./repo-pods/watched-objects";

export type KubernetesHostsOptions = {
  /** Null: from inside a pod of the cluster. */
  kubeconfig: string | null;
  defaults: RepoPodDefaults;
  /** What a repository wants of its pod now; null when there is no such repository any more. */
  wish(repositoryId: string): Promise<RepoPodWish | null>;
  serverNumber: number;
  terminalLogBytes: number;
  timings?: Partial<LinkTimings>;
  log: Log;
};

export type KubernetesHosts = {
  host(repositoryId: string): Host;
  ptys(repositoryId: string): PtyHost;
  /** The pod of a repository is in another state, or has other facts; null is the cluster's API itself. */
  onState(listener: (repositoryId: string | null) => void): () => void;
  look(): Promise<ClusterLook>;
  /** Of the cluster's API, as the watches have it. */
  state(): HostState;
  /** Loads the cluster's client, which a start has no time for, and begins to watch. Nothing is touched, nothing wakes. */
  start(): void;
  /** Pods and their programs go on. */
  close(): Promise<void>;
};

/** Every repository's pod in one namespace of a cluster. A cluster that is away is a state, never a failure of this. */
export function openKubernetesHosts(options: KubernetesHostsOptions): KubernetesHosts {
  const { kubeconfig, defaults, log } = options;
  const stop = new AbortController();
  const listeners = new Set<(repositoryId: string | null) => void>();
  const pods = new Map<string, RepoPod>();
  /** Deleted for good, for no id is used again; their rows may be read a moment longer. */
  const gone = new Set<string>();
  const tell = (repositoryId: string | null) => {
    for (const listener of [...listeners]) listener(repositoryId);
  };

  const { begun, begin } = starter();
  const opened: Promise<Cluster> = begun.then(() => openCluster({ kubeconfig, namespace: defaults.namespace, log }));
  const cluster = () => opened;
  const since = new Date();
  const watched = new WatchedObjects((repositoryId) => {
    if (repositoryId !== null) return pods.get(repositoryId)?.look();
    for (const pod of pods.values()) pod.look();
    tell(null);
  });
  const selector = { "app.kubernetes.io/managed-by": "trellis", "trellis.dev/instance": defaults.instance };
  opened.then(
    (it) => watched.watch(it, selectorOf(selector), stop.signal),
    (error: unknown) => log.error("the cluster's client cannot be loaded", { error }),
  );

  const podOf = (repositoryId: string): RepoPod => {
    const known = pods.get(repositoryId);
    if (known) return known;
    const changed = () => tell(repositoryId);
    const made = new RepoPod({
      ...{ ...options, repositoryId, cluster, watched, changed, log: log.child({ repositoryId }) },
      gone: () => forget(repositoryId),
    });
    if (gone.has(repositoryId)) void made.close();
    else pods.set(repositoryId, made);
    return made;
  };
  const forget = (repositoryId: string) => {
    gone.add(repositoryId);
    const pod = pods.get(repositoryId);
    pods.delete(repositoryId);
    void pod?.close();
  };
  return {
    host: (repositoryId) => podOf(repositoryId).host,
    ptys: (repositoryId) => podOf(repositoryId).ptys,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look: async () => (await opened).look(),
    state: () => clusterState(watched, since),
    start: () => begin(),
    async close() {
      stop.abort();
      await Promise.all([...pods.values()].map((pod) => pod.close()));
    },
  };
}

function clusterState(watched: WatchedObjects, since: Date): HostState {
  const news = watched.news();
  if (news.kind === "fresh") return { kind: "reachable", seenAt: new Date() };
  if (news.kind === "waiting") return { kind: "starting", since, detail: "Asking the cluster", trouble: null };
  return { kind: "unreachable", since: news.since, reason: news.reason };
}

/** `begun` resolves once `begin` was called. */
function starter(): { begun: Promise<void>; begin: () => void } {
  let begin: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return { begun, begin };
}
