import type { ClusterConfig } from "../../config";
import { AppError } from "../../domain/app-error";
import type { Cluster } from "../../hosts/kubernetes/cluster/cluster";
import { isDefaultClass } from "../../hosts/kubernetes/cluster/is-default-class";
import { openCluster } from "../../hosts/kubernetes/cluster/open-cluster";
import type { Log } from "../../kit/log";
import type { Finding } from "./finding";
import { lookAtMemory } from "./look-at-memory";

/** With the server's own client, so that what is well here is well there. */
export async function lookAtCluster(config: ClusterConfig | null, log: Log): Promise<Finding[]> {
  if (!config)
    return [{ name: "cluster", kind: "note", says: "none: set KUBECONFIG to have repositories live in one" }];
  const cluster = await openCluster({ kubeconfig: config.kubeconfig, namespace: config.namespace, log });
  const look = await cluster.look();
  if (!look.reachable) return [{ name: "cluster", kind: "mend", says: look.reason ?? "it cannot be reached" }];
  const where = `Kubernetes ${look.version} at ${look.server}, namespace ${config.namespace}`;
  return [
    {
      name: "cluster",
      kind: look.reason === null ? "well" : "mend",
      says: look.reason ? `${where}: ${look.reason}` : where,
    },
    look.missingRights.length === 0
      ? { name: "rights", kind: "well", says: "all that are needed" }
      : {
          name: "rights",
          kind: "mend",
          says: `add to the Role:\n${look.missingRights.map(({ rule }) => rule).join("\n")}`,
        },
    ...look.facts.map(({ name, value }): Finding => ({ name: name.toLowerCase(), kind: "note", says: value })),
    await lookAtStorage(cluster, config),
    ...(await lookAtImages(cluster, config)),
    await lookAtMemory(cluster),
  ];
}

async function lookAtStorage(cluster: Cluster, { storageClass, storageSize }: ClusterConfig): Promise<Finding> {
  const name = "storage";
  const classes = await known(cluster.list("StorageClass", ""));
  const wanted = storageClass ?? "the cluster's default class";
  if (!classes) return { name, kind: "note", says: `${storageSize} of ${wanted} for each repository` };
  const found = classes.find((each) =>
    storageClass === null ? isDefaultClass(each) : each.metadata?.name === storageClass,
  );
  if (found) return { name, kind: "well", says: `${storageSize} of ${found.metadata?.name} for each repository` };
  const names = classes.map(({ metadata }) => metadata?.name).join(", ") || "none";
  const what = storageClass === null ? "the cluster has no default storage class" : `there is no class ${storageClass}`;
  return { name, kind: "mend", says: `${what}: set TRELLIS_STORAGE_CLASS to one that is there (${names})` };
}

/** A node tells only of some of its images: one that is not told of may be there, or be pulled when it is needed. */
async function lookAtImages(cluster: Cluster, { workspaceImage, trellisImage }: ClusterConfig): Promise<Finding[]> {
  const nodes = await known(cluster.list("Node", ""));
  const find = (name: string, image: string, otherwise: string): Finding => {
    if (!nodes) return { name, kind: "note", says: `${image}: not known whether a node has it` };
    const names = [image, `docker.io/library/${image}`, `docker.io/${image}`];
    const having = nodes.filter(({ status }) =>
      status?.images?.some((each) => each.names?.some((known) => names.includes(known))),
    );
    if (having.length === 0) return { name, kind: "note", says: `${image}: no node tells of it; ${otherwise}` };
    return { name, kind: "well", says: `${image}, on ${having.length} of ${nodes.length} nodes` };
  };
  return [
    find("workspace image", workspaceImage, "the first pod pulls it (TRELLIS_WORKSPACE_IMAGE names another)"),
    find(
      "server image",
      trellisImage,
      "only images of your own need it, and pull it then (TRELLIS_IMAGE names another)",
    ),
  ];
}

/** Null where it may not be known: that is no fault. */
async function known<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (AppError.is(error)) return null;
    throw error;
  });
}
