import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { expect } from "vitest";
import type { Right } from "../cluster/rights";
import type { ClusterGround } from "./cluster";

type Entries = { cluster?: Record<string, unknown>; user?: Record<string, unknown> };

/** A kubeconfig for the suite's cluster, with other entries than the administrator's where they are given. */
export async function writeKubeconfig(ground: ClusterGround, name: string, entries: Entries): Promise<string> {
  const { cluster, user } = administrator(ground.admin.kubeConfig);
  const text = JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    clusters: [{ name: "test", cluster: { ...cluster, ...entries.cluster } }],
    users: [{ name: "test", user: entries.user ?? user }],
  });
  const file = path.join(ground.directory, name);
  await writeFile(file, text);
  return file;
}

function administrator(config: KubeConfig) {
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  return {
    cluster: { server: cluster?.server, "certificate-authority-data": cluster?.caData },
    user: { "client-certificate-data": user?.certData, "client-key-data": user?.keyData },
  };
}

/** A token of a new service account that has exactly these rights in the suite's namespace. */
export async function makeAccount(ground: ClusterGround, name: string, rights: readonly Right[]): Promise<string> {
  const { core, rbac } = ground.admin;
  const { namespace } = ground;
  const metadata = { name };
  const rules = rights.map(ruleOf);
  await core.createNamespacedServiceAccount({ namespace, body: { metadata } });
  await rbac.createNamespacedRole({ namespace, body: { metadata, rules } });
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name };
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  await rbac.createNamespacedRoleBinding({ namespace, body: { metadata, roleRef, subjects } });
  await untilAllowed(ground, name, rights);
  return makeToken(ground, name);
}

const ruleOf = ({ group, resource, verbs }: Right) => ({
  apiGroups: [group],
  resources: [resource],
  verbs: [...verbs],
});

/** Lets an account of the suite read what belongs to no namespace, until what this resolves with is called. */
export async function letRead(ground: ClusterGround, account: string, rights: readonly Right[]) {
  const { rbac } = ground.admin;
  const { namespace } = ground;
  const name = `${namespace}-${account}`;
  const rules = rights.map(ruleOf);
  await rbac.createClusterRole({ body: { metadata: { name }, rules } });
  const subjects = [{ kind: "ServiceAccount", name: account, namespace }];
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
  await rbac.createClusterRoleBinding({ body: { metadata: { name }, roleRef, subjects } });
  await untilAllowed(ground, account, rights);
  return async () => {
    await rbac.deleteClusterRoleBinding({ name });
    await rbac.deleteClusterRole({ name });
  };
}

/** What a role gives, the API server hears of a little later. */
async function untilAllowed({ admin, namespace }: ClusterGround, account: string, rights: readonly Right[]) {
  const last = rights.at(-1);
  if (!last) return;
  const { group, verbs } = last;
  const [resource = "", subresource] = last.resource.split("/");
  const resourceAttributes = { namespace, group, resource, verb: verbs[0] ?? "", ...(subresource && { subresource }) };
  const spec = { user: `system:serviceaccount:${namespace}:${account}`, resourceAttributes };
  const isAllowed = async () => {
    const { status } = await admin.authorization.createSubjectAccessReview({ body: { spec } });
    return status?.allowed;
  };
  await expect.poll(isAllowed).toBe(true);
}

export async function makeToken({ admin, namespace }: ClusterGround, account: string): Promise<string> {
  const body = { spec: { audiences: [], expirationSeconds: 3600 } };
  const { status } = await admin.core.createNamespacedServiceAccountToken({ name: account, namespace, body });
  if (!status?.token) throw new Error("the API server made no token");
  return status.token;
}
