import type { Cluster } from "../../hosts/kubernetes/cluster/cluster";
import { openExec } from "../../hosts/kubernetes/exec/open-exec";
import { ofRepoPods, workspaceContainer } from "../../hosts/kubernetes/objects/labels";
import { selectorOf } from "../../hosts/kubernetes/repo-pods/selector-of";
import type { Finding } from "./finding";

const answerMs = 20_000;
/** cgroup v2 has the first file; version 1 the second, and never groups. */
const asked = "cat /sys/fs/cgroup/memory.oom.group 2>/dev/null || cat /sys/fs/cgroup/memory/memory.oom_control";

/** What memory running out takes with it is the node's doing: only a pod that runs there can tell. */
export async function lookAtMemory(cluster: Cluster): Promise<Finding> {
  // What cannot be known keeps nothing from working.
  const says = await groups(cluster).catch(
    (error: unknown) => `not known: ${error instanceof Error ? error.message : error}`,
  );
  return { name: "out of memory", kind: "note", says };
}

async function groups(cluster: Cluster): Promise<string> {
  const pods = await cluster.list("Pod", selectorOf(ofRepoPods));
  const pod = pods.find(({ status }) => status?.containerStatuses?.some(({ ready }) => ready))?.metadata?.name;
  if (pod === undefined) return "not known until a repo pod runs: which processes go together is the node's to say";
  const stream = await openExec({
    target: () => cluster.execTarget(),
    ...{ namespace: cluster.namespace, pod, container: workspaceContainer },
    ...{ command: ["/bin/sh", "-c", asked], signal: AbortSignal.timeout(answerMs) },
  });
  stream.end();
  const late = setTimeout(() => stream.destroy(new Error(`${pod} did not answer in time`)), answerMs);
  let text = "";
  try {
    for await (const bytes of stream) text += bytes;
  } finally {
    clearTimeout(late);
  }
  const where = `as ${pod} tells`;
  if (/^1\s*$/.test(text)) return `takes the whole container with it, and all terminals of the pod, ${where}`;
  if (/^0\s*$/.test(text) || text.includes("oom_kill_disable"))
    return `ends the one process that the kernel chooses, ${where}`;
  return `not known: ${pod} answers "${text.trim().slice(0, 100)}"`;
}
