import { bytes, throughput } from "../flood";
import { floodScript, throughputOf } from "../raw-pty";
import type { Row } from "../table";
import { kubectlPipe, kubectlPty, ownExec, type PodGround } from "./kubectl";

const file = "/workspace/home/bench.txt";
const rounds = 3;

/** Made in the pod of a file that its worktree has. */
async function writeText({ subject }: PodGround): Promise<void> {
  const script = 'while cat block.txt; do :; done 2>/dev/null | head -c "$0" >"$1"';
  const client = await subject.terminal(["sh", "-c", script, String(bytes), file]);
  await client.until("the file", (it) => it.exit !== null, 120_000);
  client.close();
}

export async function benchPodFlood(pod: PodGround): Promise<Row[]> {
  await writeText(pod);
  const seen = { ours: 0, tty: 0, pipe: 0, own: 0 };
  const best = (before: number, now: number) => Math.max(before, now);
  for (let round = 0; round < rounds; round++) {
    seen.tty = best(seen.tty, await throughputOf(kubectlPty(pod, floodScript(file)), bytes));
    seen.ours = best(seen.ours, await throughput(pod.subject, file));
    seen.pipe = best(seen.pipe, await kubectlPipe(pod, `cat ${file}`));
    seen.own = best(seen.own, await ownExec(pod, `cat ${file}`));
  }
  const rate = (value: number) => `${value.toFixed(1)} MB/s`;
  return [
    {
      what: "cat of 200 MB in a pod's terminal to a draining client",
      ours: rate(seen.ours),
      against: `kubectl exec -it ${rate(seen.tty)}`,
      result: `${(seen.ours / seen.tty).toFixed(2)} ×`,
      target: "≥ 0.9 ×",
      met: seen.ours >= 0.9 * seen.tty,
    },
    {
      what: "the same without a terminal: our exec alone, no holder",
      ours: rate(seen.own),
      against: `kubectl exec ${rate(seen.pipe)}`,
      result: `${(seen.own / seen.pipe).toFixed(2)} ×`,
      target: "",
      met: null,
    },
  ];
}
