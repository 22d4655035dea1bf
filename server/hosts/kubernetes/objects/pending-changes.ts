import type { V1Container, V1Pod, V1PodSpec, V1StatefulSet, V1Toleration } from "@kubernetes/client-node";
import { quantityValue } from "../../../domain/quantity";
import { workspaceContainer } from "./labels";
import { templateAnnotation } from "./pod-template";

type Change = { what: string; from: string; to: string };

/** What a running pod does not have yet of what is wanted, each in words. */
export function pendingChanges(running: V1Pod, wanted: V1StatefulSet): string[] {
  const template = wanted.spec?.template;
  const [is, becomes] = [running, template].map((of) => of?.metadata?.annotations?.[templateAnnotation]);
  // Admission may rewrite what a pod has (an image's registry, tolerations): that is nothing pending.
  if (!template?.spec || !running.spec || is === becomes) return [];
  const changes = specChanges(running.spec, template.spec);
  if (changes.length === 0) return ["how Trellis makes its pod applies at the next restart"];
  return changes.map(({ what, from, to }) => `${what}: ${from} → ${to} applies at the next restart`);
}

function specChanges(running: V1PodSpec, wanted: V1PodSpec): Change[] {
  const [now, next] = [running, wanted].map((spec) => spec.containers.find(({ name }) => name === workspaceContainer));
  const [installs, willInstall] = [running, wanted].map(installImage);
  const isSwapped = installs !== undefined && willInstall !== undefined;
  return [
    { what: "image", from: now?.image ?? "none", to: next?.image ?? "none" },
    ...(isSwapped ? [{ what: "what Trellis brings", from: installs, to: willInstall }] : []),
    { what: "secrets to pull with", from: secretWords(running), to: secretWords(wanted) },
    ...amountChanges(now, next),
    { what: "node selector", from: labelWords(running.nodeSelector), to: labelWords(wanted.nodeSelector) },
    { what: "tolerations", from: tolerationWords(running.tolerations), to: tolerationWords(wanted.tolerations) },
  ].filter(({ from, to }) => from !== to);
}

const installImage = ({ initContainers = [] }: V1PodSpec) =>
  initContainers.find(({ name }) => name === "install")?.image;

const secretWords = ({ imagePullSecrets = [] }: V1PodSpec) =>
  imagePullSecrets.map(({ name }) => name).join(", ") || "none";

function amountChanges(now: V1Container | undefined, next: V1Container | undefined): Change[] {
  const changes: Change[] = [];
  for (const [kind, word] of [
    ["requests", "requested"],
    ["limits", "limit of"],
  ] as const)
    for (const [name, to] of Object.entries(next?.resources?.[kind] ?? {})) {
      const from = now?.resources?.[kind]?.[name];
      // "1" and "1000m" are one amount.
      if (from !== undefined && quantityValue(from) === quantityValue(to)) continue;
      changes.push({ what: `${word} ${name}`, from: from ?? "none", to });
    }
  return changes;
}

const labelWords = (labels: Record<string, string> = {}) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(", ") || "none";

/** Those that the cluster gives to every pod are nobody's wish. */
const tolerationWords = (tolerations: V1Toleration[] = []) =>
  tolerations
    .filter(({ key }) => key !== "node.kubernetes.io/not-ready" && key !== "node.kubernetes.io/unreachable")
    .map(({ key, operator, value, effect }) =>
      [key ?? "any", operator === "Exists" ? "" : `=${value}`, effect ? `:${effect}` : ""].join(""),
    )
    .sort()
    .join(", ") || "none";
