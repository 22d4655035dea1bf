import type { V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { quantityValue } from "../../../domain/quantity";
import type { PodStorage } from "../../../domain/repository";

export type Growth = {
  existing: V1PersistentVolumeClaim;
  wanted: V1PersistentVolumeClaim;
  /** What the repository itself asks for: what only the server's default has changed is not told. */
  asked: PodStorage | null;
  /** Of the existing volume. */
  storageClass: V1StorageClass | null | "unknown";
  /** What the API server said to another size, which is not asked for again then. */
  refusal?: string;
};

/**
 * What of a wanted volume the one that is there can become. `claim` may be applied: of a volume that is there, nothing
 * but its size can change, and never below what it holds. `notes` say in words what cannot be, and what is under way.
 */
export function growVolume(growth: Growth): { claim: V1PersistentVolumeClaim; notes: string[] } {
  const { existing, wanted, asked } = growth;
  const [now, want] = [sizeOf(existing), sizeOf(wanted)];
  const difference = bytes(want) - bytes(now);
  const refusal = difference === 0 ? null : (growth.refusal ?? sizeRefusal(growth, { now, want }));
  const size = refusal === null ? want : now;
  const notes = [
    ...(refusal === null || asked?.size === undefined ? [] : [`volume: ${now} → ${want} is not possible: ${refusal}`]),
    ...classNotes(existing, asked),
    ...(difference > 0 ? [] : resizeNotes(existing, size)),
  ];
  const { storageClassName, volumeMode, accessModes } = existing.spec ?? {};
  const fixed = {
    ...(accessModes === undefined ? {} : { accessModes }),
    ...(storageClassName === undefined ? {} : { storageClassName }),
    ...(volumeMode === undefined ? {} : { volumeMode }),
  };
  return { claim: { ...wanted, spec: { ...fixed, resources: { requests: { storage: size } } } }, notes };
}

function sizeRefusal({ existing, storageClass }: Growth, { now, want }: { now: string; want: string }): string | null {
  if (bytes(want) > bytes(now)) return growthRefusal(existing, storageClass);
  const held = existing.status?.capacity?.["storage"];
  if (held === undefined || bytes(held) >= bytes(now)) return "a volume can grow and cannot shrink";
  // It was asked to grow and did not: since 1.34 the API server lets less be asked for, of more than there is.
  return bytes(want) > bytes(held)
    ? null
    : `the cluster was asked for ${now} already, and takes no wish for ${held} back`;
}

function growthRefusal(existing: V1PersistentVolumeClaim, storageClass: Growth["storageClass"]): string | null {
  const name = existing.spec?.storageClassName;
  if (existing.status?.phase !== "Bound") return "it is not bound yet, and grows once it is";
  if (!name) return "it has no storage class that could grow it";
  // The API server knows, and refuses what cannot be.
  if (storageClass === "unknown") return null;
  if (storageClass === null) return `its storage class "${name}" does not exist any more`;
  return storageClass.allowVolumeExpansion === true
    ? null
    : `its storage class "${name}" does not allow volumes to grow (allowVolumeExpansion)`;
}

function classNotes(existing: V1PersistentVolumeClaim, asked: PodStorage | null): string[] {
  const now = existing.spec?.storageClassName;
  const want = asked?.className;
  if (want === undefined || want === now) return [];
  return [`storage class: ${now || "none"} → ${want} is not possible: a volume stays in the class that it was made in`];
}

function resizeNotes({ status }: V1PersistentVolumeClaim, wanted: string): string[] {
  const held = status?.capacity?.["storage"];
  if (held === undefined || bytes(held) >= bytes(wanted)) return [];
  const waitsForPod = status?.conditions?.some(
    ({ type, status: is }) => type === "FileSystemResizePending" && is === "True",
  );
  return [`volume: ${held} → ${wanted} ${waitsForPod ? "applies at the next restart" : "is under way"}`];
}

const sizeOf = ({ spec }: V1PersistentVolumeClaim) => spec?.resources?.requests?.["storage"] ?? "0";

const bytes = (quantity: string) => quantityValue(quantity) ?? 0;
