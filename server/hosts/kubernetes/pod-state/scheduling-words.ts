import type { V1Pod } from "@kubernetes/client-node";

/** Why no node takes the pod: `message` is the scheduler's. It stands at the end, for who knows to read it. */
export function schedulingWords(pod: V1Pod, message: string): string {
  const list = /nodes are available: (.*)$/s.exec(message)?.[1];
  const reasons =
    list === undefined
      ? []
      : list
          .replace(/\.? (preemption:|no new claims).*$/s, "")
          .replace(/\.$/, "")
          .split(/, (?=\d+ )/);
  const words = reasons.map((reason) => reasonWords(pod, reason)).filter((word) => word !== "");
  const total = /^\d+\/(\d+) nodes/.exec(message)?.[1];
  if (words.length === 0) return `No node takes the pod: ${message}`;
  const nodes =
    total === "1" ? "The cluster's one node does not take the pod" : `None of the ${total} nodes takes the pod`;
  return `${nodes}: ${words.join("; ")} (the scheduler: ${message})`;
}

const known: [RegExp, string][] = [
  [/didn't match Pod's node affinity\/selector/, "no match for the repository's node selector"],
  [/were unschedulable|node\.kubernetes\.io\/unschedulable/, "closed for new pods (cordoned)"],
  [/node\.kubernetes\.io\/(unreachable|not-ready)/, "not ready"],
  [/node\.kubernetes\.io\/disk-pressure/, "short of disk"],
  [/node\.kubernetes\.io\/memory-pressure/, "short of memory"],
  [/volume node affinity conflict/, "the pod's volume cannot be reached from there"],
  [/max volume count/, "as many volumes as it can have"],
  [/Too many pods/, "as many pods as it can have"],
];

function reasonWords(pod: V1Pod, reason: string): string {
  const [, count, text = reason] = /^(\d+) (?:node\(s\) )?(.*)$/s.exec(reason) ?? [];
  const on = count === undefined ? "" : ` on ${count}`;
  const resource = /^Insufficient (.+)$/.exec(text)?.[1];
  if (resource !== undefined) return `not enough ${resource}${on}, the pod asks for ${requested(pod, resource)}`;
  const words = known.find(([pattern]) => pattern.test(text))?.[1];
  if (words !== undefined) return `${words}${on}`;
  const taint = /untolerated taint(?:\(s\))? \{(.+?)\}/.exec(text)?.[1];
  if (taint !== undefined)
    return `the taint ${taint.replace(/: *$/, "").replace(": ", "=")}${on}, which the repository does not tolerate`;
  if (/untolerated taint/.test(text)) return `a taint that the repository does not tolerate${on}`;
  return `${text}${on}`;
}

/** Of all containers; the largest of those that run before them. */
function requested(pod: V1Pod, resource: string): string {
  const amounts = (pod.spec?.containers ?? []).flatMap(({ resources }) => resources?.requests?.[resource] ?? []);
  return amounts.join(" and ") || "it";
}
