import { ClusterGround, whyNoCluster } from "../../e2e/support/cluster";
import { textBlock } from "../flood";
import { Subject } from "../subject";
import type { Row } from "../table";
import { benchPodEcho } from "./echo";
import { benchPodFlood } from "./flood";
import { benchPodIdle } from "./idle";
import type { PodGround } from "./kubectl";
import { benchPodNewSession } from "./new-session";
import { benchPodResume } from "./resume";

type Part = (pod: PodGround) => Promise<Row[]>;

const parts: Record<string, Part> = {
  "pod-echo": benchPodEcho,
  "pod-flood": benchPodFlood,
  "pod-resume": benchPodResume,
  "pod-session": benchPodNewSession,
  "pod-idle": benchPodIdle,
};

/** These count or cut connections; a proxy in the way of the others would be measured with them. */
const overProxy: readonly Part[] = [benchPodResume, benchPodIdle];

/** Side by side with `kubectl` on the same pod; says why where there is no cluster. */
export async function benchKubernetes(wants: (name: string) => boolean): Promise<Row[]> {
  const wanted = Object.entries(parts).filter(([name]) => wants(name));
  const reason = whyNoCluster();
  if (reason !== null && wanted.length > 0) console.error(`on Kubernetes: nothing measured, ${reason}`);
  const rows: Row[] = [];
  for (const [name, part] of reason === null ? wanted : []) {
    console.error(`measuring ${name}`);
    const ground = await ClusterGround.open(
      { "block.txt": textBlock() },
      {
        env: { TRELLIS_LOG_LEVEL: "warn" },
        straight: !overProxy.includes(part),
      },
    );
    const subject = await Subject.openInPod(ground);
    try {
      rows.push(...(await part({ ground, subject })));
    } finally {
      await subject.close();
    }
  }
  return rows;
}
