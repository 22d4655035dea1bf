import type {
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1PodDisruptionBudget,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
} from "@kubernetes/client-node";
import { repoPodAnnotations, repoPodLabels } from "./labels";
import { type PodSettings, podTemplate } from "./pod-template";
import { repoPodName } from "./repo-pod-name";

export type RepoPodWish = {
  repositoryId: string;
  repositoryName: string;
  userId: string;
  username: string;
  /** Of objects that are there already, so that a renamed repository keeps them. */
  name?: string;
  settings: PodSettings;
};

export type RepoPodDefaults = {
  namespace: string;
  /** The id of this installation: another one on the same namespace has other objects. */
  instance: string;
  workspaceImage: string;
  trellisImage: string;
  imagePullSecrets: string[];
  /** Null is the cluster's own default class. */
  storageClass: string | null;
  storageSize: string;
};

export type RepoPodObjects = {
  serviceAccount: V1ServiceAccount;
  service: V1Service;
  volumeClaim: V1PersistentVolumeClaim;
  statefulSet: V1StatefulSet;
  disruptionBudget: V1PodDisruptionBudget | null;
};

/** All that a repo pod is, for server-side apply. The volume is one of its own: it outlives the set, and can grow. */
export function repoPodObjects(wish: RepoPodWish, defaults: RepoPodDefaults): RepoPodObjects {
  const metadata: V1ObjectMeta = {
    name: repoPodName(wish),
    namespace: defaults.namespace,
    labels: repoPodLabels(wish, defaults),
    annotations: repoPodAnnotations(wish),
  };
  const selector = { matchLabels: repoPodLabels(wish, defaults) };
  return {
    serviceAccount: { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    service: {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { clusterIP: "None", publishNotReadyAddresses: true, selector: selector.matchLabels },
    },
    volumeClaim: { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec: claimSpec(wish, defaults) },
    statefulSet: {
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      metadata,
      spec: {
        // No replicas: made without them it has one, and after that they belong to whoever scales. An apply that named
        // them would wake or suspend.
        serviceName: metadata.name ?? "",
        selector,
        updateStrategy: { type: "OnDelete" },
        podManagementPolicy: "Parallel",
        revisionHistoryLimit: 2,
        template: podTemplate(metadata, wish.settings, defaults),
      },
    },
    disruptionBudget: wish.settings.storage?.disruptionBudget
      ? {
          apiVersion: "policy/v1",
          kind: "PodDisruptionBudget",
          metadata,
          // A pod that does not come up holds up no drain.
          spec: { selector, minAvailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
        }
      : null,
  };
}

function claimSpec({ settings: { storage } }: RepoPodWish, { storageClass, storageSize }: RepoPodDefaults) {
  const className = storage?.className ?? storageClass;
  return {
    accessModes: ["ReadWriteOnce"],
    resources: { requests: { storage: storage?.size ?? storageSize } },
    ...(className === null ? {} : { storageClassName: className }),
  };
}
