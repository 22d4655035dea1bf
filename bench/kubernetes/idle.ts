import { openIdle, settled } from "../memory";
import type { Row } from "../table";
import type { PodGround } from "./kubectl";

/** A session has at most 50. */
const sessions = 4;
const each = 25;
const idle = sessions * each;
const execs = `for one in /proc/[0-9]*; do tr '\\0' ' ' <$one/cmdline; echo; done 2>/dev/null | grep -c '^/opt/trellis/init connect'`;

/** 100 idle terminals of one pod: what they cost this server, and over how many execs they come. */
export async function benchPodIdle({ ground, subject }: PodGround): Promise<Row[]> {
  const alone = await settled(subject);
  const subjects = [subject];
  while (subjects.length < sessions) subjects.push(subject.inSession(await ground.openSession()));
  // The first round is not counted: it is the server's own code getting warm.
  for (const one of subjects) await openIdle(one, each);
  const before = await settled(subject);
  const connections = ground.proxy.connections;
  const clients = [];
  for (const one of subjects) clients.push(...(await openIdle(one, each, false)));
  const perIdle = Math.max(0, (await settled(subject)) - before) / idle;
  const pod = subject.session.podName ?? "";
  const open = Number(await ground.kubectl("exec", pod, "--container", "workspace", "--", "sh", "-c", execs));
  const more = ground.proxy.connections - connections;
  for (const client of clients) client.close();
  return [
    {
      what: "server memory with the Kubernetes client and one session in a pod",
      ours: `${(alone / 1e6).toFixed(0)} MB`,
      against: "",
      result: `${(alone / 1e6).toFixed(0)} MB`,
      target: "",
      met: null,
    },
    {
      what: "execs of this server to a pod with idle terminals",
      ours: String(open),
      against: `${idle} terminals`,
      result: `${open}, and ${more} connections more`,
      target: "1",
      met: open === 1,
    },
    {
      what: "server memory per idle terminal of a pod",
      ours: `${(perIdle / 1000).toFixed(0)} KB`,
      against: `${idle} terminals`,
      result: `${(perIdle / 1000).toFixed(0)} KB`,
      target: "≤ 100 KB",
      met: perIdle <= 100_000,
    },
  ];
}
