import type { KubernetesObject } from "@kubernetes/client-node";
import { AppError } from "../../../domain/app-error";
import { ApiRefusal } from "../cluster/api-refusal";
import type { Cluster, Kind } from "../cluster/cluster";
import { isOurs } from "../objects/is-ours";
import type { RepoPodDefaults, RepoPodObjects, RepoPodWish } from "../objects/repo-pod-objects";
import { applyVolume } from "./apply-volume";

export type Wanted = { wish: RepoPodWish; defaults: RepoPodDefaults; objects: RepoPodObjects };

/**
 * Makes the objects of a repo pod as they are wanted, and leaves its replicas and what runs as they are: `isUp` alone
 * brings up one that rests. Resolves with what the volume cannot become, in words. Rejected with
 * `AppError("conflict")`, and nothing is written, where a name is taken by what is not ours.
 */
export async function applyRepoPod(
  cluster: Cluster,
  wanted: Wanted,
  { isUp, signal }: { isUp: boolean; signal: AbortSignal },
): Promise<string[]> {
  const { serviceAccount, service, statefulSet, disruptionBudget } = wanted.objects;
  const name = statefulSet.metadata?.name ?? "";
  for (const kind of ["StatefulSet", "ServiceAccount", "Service"] as const)
    checkOurs(await cluster.get(kind, name), { kind, ...wanted });
  // Its set would wait for ever, and say nothing.
  checkOurs(await cluster.get("Pod", `${name}-0`), { kind: "Pod", ...wanted });
  const claim = checkOurs(await cluster.get("PersistentVolumeClaim", name), {
    kind: "PersistentVolumeClaim",
    ...wanted,
  });
  const budget = checkOurs(await cluster.get("PodDisruptionBudget", name), { kind: "PodDisruptionBudget", ...wanted });

  const apply = <T extends KubernetesObject>(object: T): Promise<T> => {
    signal.throwIfAborted();
    return cluster.apply(object);
  };
  await apply(serviceAccount).catch((error: unknown) => applyInNewNamespace(cluster, serviceAccount, error));
  await apply(service);
  signal.throwIfAborted();
  const notes = await applyVolume(cluster, claim, { ...wanted, signal });
  const { spec } = await apply(statefulSet);
  if (disruptionBudget) await apply(disruptionBudget);
  else if (budget) await cluster.remove("PodDisruptionBudget", name, uidOf(budget));
  signal.throwIfAborted();
  if (isUp && spec?.replicas === 0) await cluster.scale(name, 1);
  return notes;
}

export const uidOf = ({ metadata }: KubernetesObject): { uid?: string } =>
  metadata?.uid === undefined ? {} : { uid: metadata.uid };

function checkOurs<T extends KubernetesObject>(
  object: T | null,
  { kind, wish, defaults }: Wanted & { kind: Kind },
): T | null {
  if (!object || isOurs(object, wish, defaults)) return object;
  throw new AppError(
    "conflict",
    `There is a ${kind} ${object.metadata?.name} in the namespace ${defaults.namespace} that this Trellis did not make ` +
      "for this repository. It is left as it is: delete it, or give Trellis another namespace (TRELLIS_NAMESPACE).",
  );
}

/** A person with a cluster of their own need not make it by hand; who has no right to is told the command. */
async function applyInNewNamespace(cluster: Cluster, object: KubernetesObject, error: unknown): Promise<void> {
  const cause = error instanceof Error ? error.cause : null;
  if (!(cause instanceof ApiRefusal) || cause.status?.details?.kind !== "namespaces" || cause.httpStatus !== 404)
    throw error;
  try {
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: cluster.namespace } });
  } catch {
    throw error; // its words say what to do
  }
  await cluster.apply(object);
}
