import type { KubernetesObject } from "@kubernetes/client-node";
import type { Log } from "../../../kit/log";
import { openApiClients } from "./api-clients";
import type { Cluster, Kind } from "./cluster";
import { Credentials } from "./credentials";
import { toAppError } from "./failure";
import { kinds } from "./kinds";
import { lookAtCluster } from "./look";
import { apply, get, list, log, referenceTo, remove, scale } from "./object-calls";
import { type ClusterTimings, clusterTimings } from "./timings";
import { Transport } from "./transport";
import { watchObjects } from "./watch";
import { openWatchSource } from "./watch-source";

type ClusterOptions = {
  /** Null is the service account of the pod this runs in. */
  kubeconfig: string | null;
  namespace: string;
  log: Log;
  timings?: Partial<ClusterTimings>;
};

/**
 * Never rejected, whatever the kubeconfig and however the cluster: `look` says what is wrong. The vendor's client is
 * loaded here, for it takes 650 ms and 86 MB.
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { kubeconfig, namespace } = options;
  const timings = { ...clusterTimings, ...options.timings };
  const credentials = new Credentials(kubeconfig, timings);
  const transport = new Transport(credentials, timings);
  // These calls end by their own limit alone.
  const clients = await openApiClients(transport, new AbortController().signal);
  const { objects, core } = clients;
  const explain = (error: unknown) => toAppError(error, { namespace, ...credentials.place() });
  const told = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explain(error);
    });
  const to = (kind: Kind, name: string) => referenceTo(kind, namespace, name);
  return {
    namespace,
    execTarget: () => told(credentials.target()),
    apply: (object) => told(apply(objects, inNamespace(object, namespace))),
    get: (kind, name) => told(get(objects, to(kind, name))),
    list: async (kind, selector) => (await told(list(clients, { kind, namespace, selector }))).items,
    remove: (kind, name, how = {}) => told(remove(objects, to(kind, name), how)),
    scale: (name, replicas) => told(scale(objects, to("StatefulSet", name), replicas)),
    log: (name, { lines, ...of }) => told(log(core, { name, namespace, tailLines: lines, ...of })),
    watch({ kind, selector }, listener, signal) {
      const log = options.log.child({ kind });
      openWatchSource(transport, { kind, namespace, selector }, signal)
        .then((source) => watchObjects({ ...source, explain }, listener, { signal, timings, log }))
        .catch((error: unknown) => log.error("a watch ended by a fault", { error }));
    },
    look: () => lookAtCluster({ clients, namespace, explain, place: () => credentials.place() }),
  };
}

/** What is applied says its namespace itself: the vendor's client would take the kubeconfig's. */
function inNamespace<T extends KubernetesObject>(object: T, namespace: string): T {
  const isNamespaced = Object.entries(kinds).some(([kind, { namespaced }]) => kind === object.kind && namespaced);
  return isNamespaced ? { ...object, metadata: { ...object.metadata, namespace } } : object;
}
