import type { V1StorageClass } from "@kubernetes/client-node";

/** Of the cluster, for claims that name no class. */
export const isDefaultClass = ({ metadata }: V1StorageClass): boolean =>
  metadata?.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
