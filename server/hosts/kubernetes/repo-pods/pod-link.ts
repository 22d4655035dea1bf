import type { Log } from "../../../kit/log";
import { HolderLink } from "../../link/holder-link";
import type { LinkTimings } from "../../link/timings";
import type { Cluster } from "../cluster/cluster";
import { openExec } from "../exec/open-exec";
import { workspaceContainer } from "../objects/labels";

/** The pod to link to, or why there is none now, in words. One that is not `fresh` was there when last heard of. */
export type LinkTarget = { kind: "pod"; name: string; uid: string; fresh: boolean } | { kind: "none"; reason: string };

export type PodLinkOptions = {
  cluster(): Promise<Cluster>;
  /** Asked at every attempt. */
  target(): LinkTarget;
  serverNumber: number;
  terminalLogBytes: number;
  timings?: Partial<LinkTimings>;
  log: Log;
};

const command = ["/opt/trellis/init", "connect"];

/** The one link to the holder of a repo pod, over one exec: pods come and go, programs of one that went are over. */
export class PodLink {
  readonly link: HolderLink;
  readonly #options: PodLinkOptions;
  #uid: string | null = null;
  #offered = "";

  constructor(options: PodLinkOptions) {
    this.#options = options;
    const { serverNumber, terminalLogBytes, timings = {}, log } = options;
    this.link = new HolderLink({
      connect: (signal) => this.#connect(signal),
      onWelcome: () => {
        this.link
          .begin<"configure">({ op: "configure", terminalLogBytes })
          .answer.catch((error: unknown) => log.warn("the holder kept its own log size", { error }));
      },
      ...{ serverNumber, timings, log },
    });
  }

  /** The pod that it is linked to, or was tried with last. */
  get uid(): string | null {
    return this.#uid;
  }

  /** To be told whenever the target may be another. */
  look(): void {
    const target = this.#options.target();
    const offered = target.kind === "pod" && target.fresh ? target.uid : "";
    if (offered !== "" && offered !== this.#offered && !this.link.isHere()) this.link.hurry();
    this.#offered = offered;
  }

  /** What is under way is cut off: it would be answered by nobody. */
  leave(reason: string): void {
    if (this.link.isHere()) this.link.drop(reason);
  }

  async #connect(signal: AbortSignal) {
    const target = this.#options.target();
    if (target.kind === "none") throw new Error(target.reason);
    const cluster = await this.#options.cluster();
    this.#uid = target.uid;
    return openExec({
      target: () => cluster.execTarget(),
      ...{ namespace: cluster.namespace, pod: target.name, container: workspaceContainer, command, signal },
    });
  }
}
