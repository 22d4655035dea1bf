import type { V1Node, V1Pod } from "@kubernetes/client-node";
import type { Log } from "../../../kit/log";
import type { Cluster } from "../cluster/cluster";

type Details = { node: V1Node | null | "unknown"; lastLog: string | null };

const logLines = 20;
const nodeMs = 10_000;
const nothing: Details = { node: "unknown", lastLog: null };

/** What a watch does not tell of a pod that is in trouble: its node, and the last words of a container that ended. */
export class PodDetails {
  readonly #options: { cluster(): Promise<Cluster>; changed(): void; log: Log };
  #key = "";
  #details = nothing;
  #nodeAt = 0;

  constructor(options: { cluster(): Promise<Cluster>; changed(): void; log: Log }) {
    this.#options = options;
  }

  /** What is known of this pod now; what is worth asking is asked, and `changed` told. */
  of(pod: V1Pod | null): Details {
    const key = pod && !isReady(pod) ? keyOf(pod) : "";
    const isOld = key !== "" && Date.now() - this.#nodeAt > nodeMs;
    if (key !== this.#key) this.#details = nothing;
    if (pod && (isOld || (key !== "" && key !== this.#key))) {
      this.#nodeAt = Date.now();
      this.#ask(pod, key).catch((error: unknown) => this.#options.log.debug("a pod's details are unknown", { error }));
    }
    this.#key = key;
    return this.#details;
  }

  async #ask(pod: V1Pod, key: string): Promise<void> {
    const cluster = await this.#options.cluster();
    const { nodeName } = pod.spec ?? {};
    const unknown = () => "unknown" as const;
    const node = nodeName ? await cluster.get("Node", nodeName).catch(unknown) : "unknown";
    const lastLog = await lastWords(cluster, pod);
    if (key !== this.#key) return;
    const before = JSON.stringify(this.#details);
    this.#details = { node, lastLog };
    if (JSON.stringify(this.#details) !== before) this.#options.changed();
  }
}

/** Null where none of its containers ended badly. */
async function lastWords(cluster: Cluster, pod: V1Pod): Promise<string | null> {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const ended = statuses.find(
    ({ state, restartCount }) => restartCount > 0 || (state?.terminated?.exitCode ?? 0) !== 0,
  );
  if (!ended) return null;
  const previous = ended.state?.terminated === undefined && ended.restartCount > 0;
  const asked = { container: ended.name, previous, lines: logLines };
  return cluster.log(pod.metadata?.name ?? "", asked).catch(() => null); // its words are a help, not a fact
}

/** And not about to end. */
export const isReady = ({ metadata, status }: V1Pod): boolean =>
  !metadata?.deletionTimestamp &&
  (status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True") ?? false);

/** Another container that ended is another thing to ask about. */
function keyOf(pod: V1Pod): string {
  const restarts = (pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount);
  const ended = (pod.status?.initContainerStatuses ?? []).map(({ restartCount }) => restartCount);
  return [pod.metadata?.uid, pod.spec?.nodeName, pod.status?.phase, ...restarts, ...ended].join(" ");
}
