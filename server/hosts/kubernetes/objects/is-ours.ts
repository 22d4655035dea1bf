import type { KubernetesObject } from "@kubernetes/client-node";
import { repoPodLabels } from "./labels";

/** Whether this installation made it for this repository. What has our name and not our labels is somebody else's. */
export function isOurs(
  object: KubernetesObject,
  wish: { repositoryId: string },
  defaults: { instance: string },
): boolean {
  const labels = object.metadata?.labels ?? {};
  return Object.entries(repoPodLabels(wish, defaults)).every(([name, value]) => labels[name] === value);
}
