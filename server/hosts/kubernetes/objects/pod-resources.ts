import type { V1ResourceRequirements } from "@kubernetes/client-node";
import { quantityValue } from "../../../domain/quantity";
import type { PodResources } from "../../../domain/repository";

type Amounts = Record<"cpu" | "memory" | "ephemeral-storage", string>;

/** Little is promised, so that idle pods are cheap; the limits hold a build, and keep one pod from taking its node. */
const usual: { requests: Amounts; limits: Amounts } = {
  requests: { cpu: "100m", memory: "512Mi", "ephemeral-storage": "256Mi" },
  limits: { cpu: "4", memory: "8Gi", "ephemeral-storage": "20Gi" },
};

/** What was left out is the usual, or what was set where the usual would contradict it. */
export function podResources(wanted: PodResources | null): V1ResourceRequirements {
  const requests = { ...usual.requests, ...wanted?.requests };
  const limits = { ...usual.limits, ...wanted?.limits };
  for (const name of ["cpu", "memory", "ephemeral-storage"] as const) {
    if (value(requests[name]) <= value(limits[name])) continue;
    if (wanted?.requests?.[name] === undefined) requests[name] = limits[name];
    else limits[name] = requests[name];
  }
  return { requests, limits };
}

const value = (quantity: string) => quantityValue(quantity) ?? 0;
