import type { V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { quantityValue } from "../../../domain/quantity";
import { isDefaultClass } from "../cluster/is-default-class";

/** Whether no volume was ever made for it, nor chosen: nothing is lost with such a claim. */
export const isUnmade = ({ spec, status }: V1PersistentVolumeClaim): boolean =>
  status?.phase === "Pending" && !spec?.volumeName;

/**
 * What makes a claim without a volume the wanted one. The API server lets a class be named where none is; anything else
 * takes a claim in its place.
 */
export function changeOfUnmade(
  existing: V1PersistentVolumeClaim,
  wanted: V1PersistentVolumeClaim,
  classes: V1StorageClass[] | "unknown",
): "none" | "name-class" | "replace" {
  if (existing.metadata?.deletionTimestamp || sizeOf(existing) !== sizeOf(wanted)) return "replace";
  const [now, want] = [existing.spec?.storageClassName, wanted.spec?.storageClassName];
  if (now === want) return "none";
  if (now === undefined) return "name-class";
  if (want !== undefined) return "replace";
  // It bears the cluster's default of then, or one that a person named and took back. Where that cannot be told, a claim
  // made anew has the right one, and costs a moment.
  const isStill = classes !== "unknown" && classes.some((one) => one.metadata?.name === now && isDefaultClass(one));
  return isStill ? "none" : "replace";
}

const sizeOf = ({ spec }: V1PersistentVolumeClaim) => quantityValue(spec?.resources?.requests?.["storage"] ?? "0");
