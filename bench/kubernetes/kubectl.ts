import { spawn } from "node:child_process";
import type { IPty } from "@lydell/node-pty";
import type { ClusterGround } from "../../e2e/support/cluster";
import { readKubeconfig } from "../../server/hosts/kubernetes/cluster/kubeconfig";
import { openExec } from "../../server/hosts/kubernetes/exec/open-exec";
import { openRaw } from "../raw-pty";
import type { Subject } from "../subject";

/** A cluster, and the real program over it with one session in a pod there. */
export type PodGround = { ground: ClusterGround; subject: Subject };

const container = "workspace";

function execArgs({ ground, subject }: PodGround, flags: string[], script: string): string[] {
  const place = ["--namespace", ground.namespace, subject.session.podName ?? "", "--container", container];
  return ["exec", ...flags, ...place, "--", "sh", "-c", script];
}

/** `kubectl exec -it` of a script in the subject's pod, on a PTY here as a person has one. */
export function kubectlPty(pod: PodGround, script: string): IPty {
  return openRaw("kubectl", execArgs(pod, ["--stdin", "--tty"], script));
}

/** MB/s of what `kubectl exec` without a terminal prints, from its first byte. */
export async function kubectlPipe(pod: PodGround, script: string): Promise<number> {
  const child = spawn("kubectl", execArgs(pod, [], script), { stdio: ["ignore", "pipe", "inherit"] });
  return drained(child.stdout);
}

/** MB/s of what an exec of ours prints, with no holder at its end. */
export async function ownExec({ ground, subject }: PodGround, script: string): Promise<number> {
  const config = await readKubeconfig(process.env["KUBECONFIG"] ?? null);
  const options = {};
  await config.applyToHTTPSOptions(options);
  const server = config.getCurrentCluster()?.server ?? "";
  const stream = await openExec({
    target: async () => ({ server, options }),
    ...{ namespace: ground.namespace, pod: subject.session.podName ?? "", container },
    ...{ command: ["sh", "-c", script], signal: AbortSignal.timeout(30_000) },
  });
  return drained(stream);
}

async function drained(stream: AsyncIterable<Uint8Array>): Promise<number> {
  let [started, taken] = [0, 0];
  for await (const bytes of stream) {
    if (started === 0) started = performance.now();
    taken += bytes.length;
  }
  return taken / 1e6 / ((performance.now() - started) / 1000);
}
