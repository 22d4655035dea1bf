import { echo, echoTerminal, keys } from "../echo";
import { echoScript, echoThrough } from "../raw-pty";
import { ms, quantile, type Row, spread } from "../table";
import { kubectlPty, type PodGround } from "./kubectl";

const floodForEver = "cat /dev/urandom | base64";

export async function benchPodEcho(pod: PodGround): Promise<Row[]> {
  const client = await echoTerminal(pod.subject);
  await echo(client);
  const theirs = await echoThrough(kubectlPty(pod, echoScript), keys);
  const ours = await echo(client);
  const theirFlood = kubectlPty(pod, floodForEver);
  theirFlood.onData(() => {}); // drained, as ours is
  const theirsFlooded = await echoThrough(kubectlPty(pod, echoScript), keys);
  theirFlood.kill("SIGKILL");
  const flood = await pod.subject.terminal(["sh", "-c", floodForEver]);
  const flooded = await echo(client);
  flood.close();
  client.close();
  const p50 = quantile(ours, 0.5) - quantile(theirs, 0.5);
  const p99 = quantile(ours, 0.99) - quantile(theirs, 0.99);
  const signed = (value: number) => `${value < 0 ? "" : "+"}${ms(value)}`;
  return [
    {
      what: "echo in a pod, idle, p50/p95/p99",
      ours: spread(ours),
      against: `kubectl exec -it ${spread(theirs)}`,
      result: `${signed(p50)} p50, ${signed(p99)} p99`,
      target: "+2 ms p50",
      met: p50 <= 2,
    },
    {
      what: "echo in a pod while another terminal of it floods",
      ours: spread(flooded),
      against: `kubectl exec -it beside another that floods ${spread(theirsFlooded)}`,
      result: `p95 ${ms(quantile(flooded, 0.95))}`,
      target: "",
      met: null,
    },
  ];
}
