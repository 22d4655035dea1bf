import type { Kind } from "./cluster";

type Place = { apiVersion: string; resource: string; namespaced: boolean };

/** Where the API server has the objects of a kind. */
export const kinds: Record<Kind, Place> = {
  Pod: { apiVersion: "v1", resource: "pods", namespaced: true },
  StatefulSet: { apiVersion: "apps/v1", resource: "statefulsets", namespaced: true },
  Service: { apiVersion: "v1", resource: "services", namespaced: true },
  ServiceAccount: { apiVersion: "v1", resource: "serviceaccounts", namespaced: true },
  PersistentVolumeClaim: { apiVersion: "v1", resource: "persistentvolumeclaims", namespaced: true },
  PodDisruptionBudget: { apiVersion: "policy/v1", resource: "poddisruptionbudgets", namespaced: true },
  Event: { apiVersion: "v1", resource: "events", namespaced: true },
  Namespace: { apiVersion: "v1", resource: "namespaces", namespaced: false },
  Node: { apiVersion: "v1", resource: "nodes", namespaced: false },
  StorageClass: { apiVersion: "storage.k8s.io/v1", resource: "storageclasses", namespaced: false },
};

export function listPath({ apiVersion, resource, namespaced }: Place, namespace: string): string {
  const root = `/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}`;
  return namespaced ? `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}` : `${root}/${resource}`;
}
