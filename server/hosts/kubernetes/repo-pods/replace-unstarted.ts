import type { V1Pod } from "@kubernetes/client-node";
import type { Cluster } from "../cluster/cluster";
import { isOurs } from "../objects/is-ours";
import { pendingChanges } from "../objects/pending-changes";
import type { Wanted } from "./apply-repo-pod";

/** One that cannot start is written to by its node, again and again. */
const attempts = 5;

/**
 * Deletes a pod of other settings in which nothing ever ran, so that another is made with those of now: its set would
 * leave it as it is for ever, and it has nothing to lose. One that began meanwhile is not as it was seen, and stays.
 */
export async function replaceUnstarted(cluster: Cluster, { wish, defaults, objects }: Wanted): Promise<void> {
  const name = `${objects.statefulSet.metadata?.name}-0`;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const pod = await cluster.get("Pod", name);
    if (!pod || pod.metadata?.deletionTimestamp || !isOurs(pod, wish, defaults)) return;
    if (hasStarted(pod) || pendingChanges(pod, objects.statefulSet).length === 0) return;
    const { uid, resourceVersion } = pod.metadata ?? {};
    if (uid === undefined || resourceVersion === undefined) return;
    await cluster.remove("Pod", name, { uid, resourceVersion });
  }
}

/** Any phase but the first says so; in that one the installer may have run, which is ours, and changes nothing that stays. */
function hasStarted({ status }: V1Pod): boolean {
  if (status?.phase !== "Pending") return true;
  return (status.containerStatuses ?? []).some(
    ({ state, lastState, restartCount, started }) =>
      restartCount > 0 || started === true || state?.running || state?.terminated || lastState?.terminated,
  );
}
