import { setTimeout as sleep } from "node:timers/promises";
import type { V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { AppError } from "../../../domain/app-error";
import type { Cluster } from "../cluster/cluster";
import { type Growth, growVolume } from "../objects/grow-volume";
import type { RepoPodObjects, RepoPodWish } from "../objects/repo-pod-objects";
import { changeOfUnmade, isUnmade } from "../objects/unmade-volume";

/** The cluster writes to a claim that has no volume yet, again and again. */
const attempts = 5;
/** A claim that no pod uses is gone within a second. */
const goneMs = 30_000;
const lookMs = 200;

/**
 * Makes the volume, or of the one that is there what it can become; resolves with what it cannot, in words. A volume
 * that is there holds up no pod: what the API server refuses of its size is such words too.
 */
export async function applyVolume(
  cluster: Cluster,
  seen: V1PersistentVolumeClaim | null,
  { wish, objects, signal }: { wish: RepoPodWish; objects: RepoPodObjects; signal: AbortSignal },
): Promise<string[]> {
  const wanted = objects.volumeClaim;
  // By a list: to read one by its name is another right.
  const classes = seen ? await cluster.list("StorageClass", "").catch(() => "unknown" as const) : "unknown";
  const existing = seen && (await withoutUnmade(cluster, seen, { wanted, classes, signal }));
  signal.throwIfAborted();
  if (!existing) {
    await cluster.apply(wanted);
    return [];
  }
  const growth: Growth = { existing, wanted, asked: wish.settings.storage, storageClass: classOf(existing, classes) };
  const { claim, notes } = growVolume(growth);
  try {
    await cluster.apply(claim);
    return notes;
  } catch (error) {
    if (!AppError.is(error) || error.code !== "refused") throw error;
    const kept = growVolume({ ...growth, refusal: error.message });
    await cluster.apply(kept.claim);
    return kept.notes;
  }
}

type Around = { wanted: V1PersistentVolumeClaim; classes: V1StorageClass[] | "unknown"; signal: AbortSignal };

/**
 * The claim there is once one that no volume was made for is out of the way of another wish; null where one is to be
 * made. Only as it was seen: one that got its volume meanwhile stays. A pod that waits for the claim takes the next.
 */
async function withoutUnmade(
  cluster: Cluster,
  seen: V1PersistentVolumeClaim,
  { wanted, classes, signal }: Around,
): Promise<V1PersistentVolumeClaim | null> {
  const name = seen.metadata?.name ?? "";
  let existing: V1PersistentVolumeClaim | null = seen;
  for (let attempt = 0; attempt < attempts && existing; attempt += 1) {
    const { uid, resourceVersion, deletionTimestamp } = existing.metadata ?? {};
    if (!isUnmade(existing) || uid === undefined || resourceVersion === undefined) return existing;
    const change = changeOfUnmade(existing, wanted, classes);
    if (change === "none") return existing;
    if (change === "name-class") return null;
    signal.throwIfAborted();
    if (!deletionTimestamp) await cluster.remove("PersistentVolumeClaim", name, { uid, resourceVersion });
    existing = await afterRemoval(cluster, existing, signal);
  }
  return existing;
}

/** What has its name now. One that is told to go is waited for; where it cannot go, it is tried again later. */
async function afterRemoval(cluster: Cluster, { metadata }: V1PersistentVolumeClaim, signal: AbortSignal) {
  const until = Date.now() + goneMs;
  for (;;) {
    const now = await cluster.get("PersistentVolumeClaim", metadata?.name ?? "");
    if (!now?.metadata?.deletionTimestamp) return now;
    if (Date.now() > until)
      throw new AppError("unavailable", "The claim that no volume was made for was told to go, and is not gone yet.");
    await sleep(lookMs, undefined, { signal });
  }
}

function classOf({ spec }: V1PersistentVolumeClaim, classes: V1StorageClass[] | "unknown"): Growth["storageClass"] {
  if (classes === "unknown") return classes;
  return classes.find(({ metadata }) => metadata?.name === spec?.storageClassName) ?? null;
}
