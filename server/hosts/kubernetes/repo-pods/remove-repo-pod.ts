import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../../domain/app-error";
import type { Cluster } from "../cluster/cluster";
import { isOurs } from "../objects/is-ours";
import { repoPodLabels } from "../objects/labels";
import type { RepoPodDefaults } from "../objects/repo-pod-objects";
import { uidOf } from "./apply-repo-pod";
import { selectorOf } from "./selector-of";

const lookMs = 500;

/**
 * Takes away all objects of a repo pod, its volume last, and resolves once pod and volume are gone. Only what carries
 * our labels, and only the very objects that were seen. May be repeated.
 */
export async function removeRepoPod(
  cluster: Cluster,
  { repositoryId, name, defaults }: { repositoryId: string; name: string | null; defaults: RepoPodDefaults },
  signal: AbortSignal,
): Promise<void> {
  const selector = selectorOf(repoPodLabels({ repositoryId }, defaults));
  const [sets, claims] = [
    await cluster.list("StatefulSet", selector),
    await cluster.list("PersistentVolumeClaim", selector),
  ];
  for (const set of sets) await cluster.remove("StatefulSet", set.metadata?.name ?? "", uidOf(set));
  await untilGone(async () => (await cluster.list("Pod", selector)).length === 0, "The pod", signal);
  const named = [...sets, ...claims].map(({ metadata }) => metadata?.name);
  for (const each of new Set([...named, name])) {
    if (!each) continue;
    for (const kind of ["PodDisruptionBudget", "Service", "ServiceAccount"] as const) {
      const object = await cluster.get(kind, each);
      if (object && isOurs(object, { repositoryId }, defaults)) await cluster.remove(kind, each, uidOf(object));
    }
  }
  for (const claim of claims) await cluster.remove("PersistentVolumeClaim", claim.metadata?.name ?? "", uidOf(claim));
  await untilGone(
    async () => (await cluster.list("PersistentVolumeClaim", selector)).length === 0,
    "The volume",
    signal,
  );
}

async function untilGone(look: () => Promise<boolean>, what: string, signal: AbortSignal): Promise<void> {
  while (!(await look())) {
    if (signal.aborted) throw new AppError("unavailable", `${what} was told to go, and is not gone yet. Try again.`);
    await sleep(lookMs, undefined, { signal }).catch(() => {}); // looked at once more
  }
}
