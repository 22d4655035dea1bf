import type { CoreV1Event, V1PersistentVolumeClaim } from "@kubernetes/client-node";
import { isUnmade } from "../objects/unmade-volume";
import { newestEvent } from "./events";

/** Why a pod has no volume to start on; null where that is not what it waits for. `scheduler` is that one's message. */
export function volumeTrouble(
  { volumeClaim: claim, events }: { volumeClaim: V1PersistentVolumeClaim | null | "unknown"; events: CoreV1Event[] },
  scheduler: string,
): string | null {
  // Only the scheduler's word, for a claim that was made a moment ago may not have been told to us yet.
  if (/persistentvolumeclaim ".*" not found/.test(scheduler) && (claim === null || claim === "unknown"))
    return "Its volume was deleted by hand: what was on it is gone, unless the storage class keeps volumes whose claims are deleted";
  if (claim === null || claim === "unknown") return null;
  // One without a volume makes way for another by our own hand, in a moment.
  if (claim.metadata?.deletionTimestamp && isUnmade(claim)) return null;
  if (claim.metadata?.deletionTimestamp) return "Its volume is being deleted by hand, and goes when no pod uses it";
  if (claim.status?.phase === "Lost")
    return "What its volume stood on is gone: the claim is Lost, and so is all that was on it";
  if (claim.status?.phase !== "Pending") return null;
  const className = claim.spec?.storageClassName;
  const failed = newestEvent(events, claim, ["ProvisioningFailed", "FailedBinding"])?.message ?? null;
  if (failed !== null && /storageclass\S* ".*" not found/.test(failed))
    return `There is no storage class "${className}" in the cluster: its volume cannot be made`;
  if (!className)
    return "Its volume names no storage class and the cluster has no default one: set one in the repository's storage, or TRELLIS_STORAGE_CLASS";
  return failed === null ? null : `Its volume cannot be made (storage class "${className}"): ${failed}`;
}
