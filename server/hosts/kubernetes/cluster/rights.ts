/** As in a Role: `resource` may name a subresource. */
export type Right = { group: string; resource: string; verbs: readonly string[] };

/** All that is asked of the namespace, and nothing else: the chart's Role has exactly these. */
export const namespaceRights: readonly Right[] = [
  { group: "apps", resource: "statefulsets", verbs: ["get", "list", "watch", "create", "patch", "delete"] },
  { group: "", resource: "services", verbs: ["get", "create", "patch", "delete"] },
  { group: "", resource: "serviceaccounts", verbs: ["get", "create", "patch", "delete"] },
  { group: "", resource: "persistentvolumeclaims", verbs: ["get", "list", "watch", "create", "patch", "delete"] },
  { group: "policy", resource: "poddisruptionbudgets", verbs: ["get", "create", "patch", "delete"] },
  { group: "", resource: "pods", verbs: ["get", "list", "watch", "delete"] },
  { group: "", resource: "pods/log", verbs: ["get"] },
  // Since 1.35 an exec over a WebSocket asks for both.
  { group: "", resource: "pods/exec", verbs: ["get", "create"] },
  { group: "", resource: "events", verbs: ["list", "watch"] },
  // A Role may give it for its own namespace.
  { group: "", resource: "namespaces", verbs: ["get"] },
];

/** Of the whole cluster, by a ClusterRole, and not needed: without them less is known. */
export const clusterRights: readonly Right[] = [
  { group: "", resource: "nodes", verbs: ["get", "list"] },
  { group: "storage.k8s.io", resource: "storageclasses", verbs: ["list"] },
];

/** One entry of `rules`, as it is written in a Role. */
export function ruleYaml({ group, resource, verbs }: Right): string {
  const list = (words: readonly string[]) => `[${words.map((word) => JSON.stringify(word)).join(", ")}]`;
  return `- apiGroups: ${list([group])}\n  resources: ${list([resource])}\n  verbs: ${list(verbs)}`;
}
