import type { V1Node, V1StorageClass } from "@kubernetes/client-node";
import type { ApiClients } from "./api-clients";
import { ApiRefusal } from "./api-refusal";
import type { ClusterLook } from "./cluster";
import { isDefaultClass } from "./is-default-class";
import { clusterRights, namespaceRights, type Right, ruleYaml } from "./rights";

type Looking = {
  clients: ApiClients;
  namespace: string;
  explain(error: unknown): unknown;
  place(): { server: string | null };
};
type Fact = ClusterLook["facts"][number];

const oldestMinor = 30;
/** Enough to see what kinds of node there are; a cluster may have thousands. */
const maxNodes = 200;

/** Asks anew each time. Never rejected: what cannot be known is said so. */
export async function lookAtCluster(looking: Looking): Promise<ClusterLook> {
  const { clients, namespace } = looking;
  const away = { reachable: false, version: null, missingRights: [], facts: [] };
  const version = await wordsFor(looking, clients.version.getCode());
  // Known once it was asked.
  const { server } = looking.place();
  if (!version.ok) return { ...away, server, reason: version.reason };
  const missing = await wordsFor(looking, missingRights(looking));
  // Who may not even ask what it may do is not signed in at all.
  if (!missing.ok) return { ...away, server, version: version.value.gitVersion, reason: missing.reason };
  const place = await namespaceState(looking);
  const reasons = [
    place === "none" ? `there is no namespace ${namespace}: kubectl create namespace ${namespace}` : null,
    missing.value.length > 0 ? "rights are missing: add the rules to the Role that Trellis is bound to" : null,
    isTooOld(version.value)
      ? `Kubernetes ${version.value.gitVersion} is older than 1.${oldestMinor}: bring it up to date`
      : null,
  ].filter((reason) => reason !== null);
  return {
    reachable: true,
    reason: reasons.length > 0 ? reasons.join("; ") : null,
    version: version.value.gitVersion,
    server,
    missingRights: missing.value.map((right) => ({ right: wordsOf(right), rule: ruleYaml(right) })),
    facts: [
      { name: "Namespace", value: place === "unknown" ? `${namespace} (not known whether it is there)` : namespace },
      ...(await storageFacts(looking)),
      ...(await nodeFacts(looking)),
    ],
  };
}

/** Per right only the verbs that are missing, as a rule to add. */
async function missingRights({ clients, namespace }: Looking): Promise<Right[]> {
  const missing: Right[] = [];
  for (const { group, resource: path, verbs } of namespaceRights) {
    const [resource = "", subresource] = path.split("/");
    const isAllowed = async (verb: string) => {
      const resourceAttributes = { namespace, group, resource, ...(subresource ? { subresource } : {}), verb };
      const { status } = await clients.authorization.createSelfSubjectAccessReview({
        body: { spec: { resourceAttributes } },
      });
      return status?.allowed === true;
    };
    const allowed = await Promise.all(verbs.map(isAllowed));
    const denied = verbs.filter((_, at) => !allowed[at]);
    if (denied.length > 0) missing.push({ group, resource: path, verbs: denied });
  }
  return missing;
}

async function namespaceState({ clients, namespace }: Looking): Promise<"there" | "none" | "unknown"> {
  try {
    await clients.core.readNamespace({ name: namespace });
    return "there";
  } catch (error) {
    return ApiRefusal.isAbsent(error, namespace) ? "none" : "unknown";
  }
}

async function storageFacts(looking: Looking): Promise<Fact[]> {
  const read = await wordsFor(
    looking,
    looking.clients.objects.list<V1StorageClass>("storage.k8s.io/v1", "StorageClass"),
  );
  if (!read.ok) return [{ name: "Storage classes", value: notKnown(read, "storageclasses") }];
  const { items } = read.value;
  return [{ name: "Storage classes", value: items.map(storageWords).join(", ") || "none: volumes cannot be made" }];
}

function storageWords(storageClass: V1StorageClass): string {
  const { metadata, allowVolumeExpansion } = storageClass;
  const said = [
    isDefaultClass(storageClass) ? "the default" : null,
    allowVolumeExpansion ? "volumes can grow" : "volumes cannot grow",
  ];
  return `${metadata?.name} (${said.filter((word) => word !== null).join(", ")})`;
}

async function nodeFacts(looking: Looking): Promise<Fact[]> {
  const read = await wordsFor(looking, looking.clients.core.listNode({ limit: maxNodes }));
  if (!read.ok) return [{ name: "Nodes", value: notKnown(read, "nodes") }];
  const { items, metadata } = read.value;
  const more = metadata?._continue ? " and more" : "";
  return [
    { name: "Nodes", value: `${tally(items, ({ status }) => status?.nodeInfo?.architecture)}${more}` },
    { name: "Kubelets", value: `${tally(items, ({ status }) => status?.nodeInfo?.kubeletVersion)}${more}` },
  ];
}

function tally(nodes: V1Node[], by: (node: V1Node) => string | undefined): string {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const key = by(node) ?? "not known";
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => `${count} with ${key}`).join(", ") || "none";
}

/** Where only a right is missing, which is not needed, with the rule that would let it be known. */
function notKnown({ reason, isForbidden }: Untold, resource: string): string {
  const right = clusterRights.find((one) => one.resource === resource);
  if (!right || !isForbidden) return `not known: ${reason}`;
  return `not known, and not needed; a ClusterRole with this rule would tell:\n${ruleYaml(right)}`;
}

const wordsOf = ({ verbs, resource }: Right): string => `${verbs.join(", ")} ${resource}`;

/** Providers write `30+`. */
function isTooOld({ major, minor }: { major: string; minor: string }): boolean {
  return Number.parseInt(major, 10) === 1 && Number.parseInt(minor, 10) < oldestMinor;
}

type Untold = { ok: false; reason: string; isForbidden: boolean };
type Told<T> = { ok: true; value: T } | Untold;

async function wordsFor<T>({ explain }: Looking, work: Promise<T>): Promise<Told<T>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    const why = explain(error);
    const isForbidden = error instanceof ApiRefusal && error.httpStatus === 403;
    return { ok: false, reason: why instanceof Error ? why.message : String(why), isForbidden };
  }
}
