import type { V1Pod } from "@kubernetes/client-node";
import { AppError } from "../../../domain/app-error";
import type { Log } from "../../../kit/log";
import type { Host, HostFacts, HostState } from "../../../sessions/host";
import type { PtyHost } from "../../../terminals/pty-host";
import { createHost } from "../../host";
import type { LinkTimings } from "../../link/timings";
import { createPtyHost } from "../../pty-host";
import type { Cluster } from "../cluster/cluster";
import type { RepoPodDefaults, RepoPodWish } from "../objects/repo-pod-objects";
import { isUnmade } from "../objects/unmade-volume";
import { lastEndOf } from "../pod-state/container-words";
import { readPodState } from "../pod-state/read-pod-state";
import { BringUp } from "./bring-up";
import { isReady, PodDetails } from "./pod-details";
import { type LinkTarget, PodLink } from "./pod-link";
import { PodObjects } from "./pod-objects";
import { isSameState, repoPodState } from "./repo-pod-state";
import type { WatchedObjects } from "./watched-objects";

export type RepoPodOptions = {
  repositoryId: string;
  cluster(): Promise<Cluster>;
  watched: WatchedObjects;
  /** What its repository wants now; null when there is no such repository any more. */
  wish(repositoryId: string): Promise<RepoPodWish | null>;
  defaults: RepoPodDefaults;
  serverNumber: number;
  terminalLogBytes: number;
  timings?: Partial<LinkTimings>;
  /** Its state or its facts are others now. */
  changed(): void;
  /** Its repository is deleted, and the cluster has nothing of it any more. */
  gone(): void;
  log: Log;
};

const paths = {
  repositories: "/workspace/repositories",
  worktrees: "/workspace/sessions",
  ended: "/workspace/ended",
  uploads: "/workspace/uploads",
};
/** The holder has one of its own, of the image and the pod. */
const environment = {};
const credentialProgram = "/opt/trellis/bin/git-credential-trellis";
/** For a watch to tell what was just done. */
const seenMs = 10_000;
/** A pod's own grace, and what the cluster needs on top of it. */
const goneMs = 90_000;

/**
 * The pod of one repository as a host. Level-triggered: whatever is told, it looks at what the cluster has and at its
 * link, and says what that is. What is wanted stands in the cluster alone, as the number of replicas.
 */
export class RepoPod {
  readonly host: Host;
  readonly ptys: PtyHost;
  readonly #options: RepoPodOptions;
  readonly #since = new Date();
  readonly #objects: PodObjects;
  readonly #details: PodDetails;
  readonly #bringUp: BringUp;
  readonly #podLink: PodLink;
  readonly #listeners = new Set<(state: HostState) => void>();
  readonly #lookers = new Set<() => void>();
  #state: HostState = { kind: "unreachable", since: this.#since, reason: "the cluster was not heard yet" };
  #told = "";
  #ready: { uid: string; at: Date } | null = null;
  /** Since when it is seen not to be wanted up. */
  #downAt: Date | null = null;
  /** Grows with every change of mind: the last one holds. */
  #turn = 0;
  /** It is being put to rest, and the cluster may not have told so yet. */
  #resting = false;
  /** Its volume was tried anew with the defaults of this server, which stay what they are. */
  #mended = false;
  /** Its repository is being deleted, or this server lets go of it: nothing is made for it any more. */
  #leaving: "no" | "asked" | "done" = "no";

  constructor(options: RepoPodOptions) {
    this.#options = options;
    const { cluster, log, serverNumber, terminalLogBytes, timings } = options;
    const changed = () => this.look();
    this.#objects = new PodObjects({ ...options, changed });
    this.#details = new PodDetails({ cluster, changed, log });
    this.#bringUp = new BringUp({
      isUp: () => this.#isUp(),
      apply: (signal) => this.#objects.bringUp(signal),
      ...{ changed, log },
    });
    const target = () => this.#target();
    this.#podLink = new PodLink({ cluster, target, serverNumber, terminalLogBytes, ...(timings && { timings }), log });
    const { link } = this.#podLink;
    link.onState(changed);
    this.#state = this.#read();
    this.ptys = createPtyHost(link, { environment, log });
    this.host = { ...createHost(link, { environment, paths, credentialProgram }), ...this.#asHost() };
  }

  /** To be told when the watch told anything of it. */
  look(): void {
    this.#bringUp.look();
    const { pod } = this.#seen();
    // An exec into a pod that is gone may stay open and frozen.
    if (pod === null) this.#podLink.leave("the pod is gone");
    else if (pod !== "unknown" && pod.metadata?.uid !== this.#podLink.uid) this.#podLink.leave("the pod was replaced");
    this.#podLink.look();
    const state = this.#read();
    const isNew = !isSameState(state, this.#state);
    this.#state = state;
    for (const looker of [...this.#lookers]) looker();
    if (isNew) for (const listener of [...this.#listeners]) listener(state);
    const facts = JSON.stringify(this.#facts());
    if (isNew || facts !== this.#told) this.#options.changed();
    this.#told = facts;
    const { statefulSet, pod: lastPod, volumeClaim } = this.#known();
    if (this.#leaving === "done" && !statefulSet && !lastPod && !volumeClaim) this.#options.gone();
  }

  /** The pod and its programs go on. */
  async close(): Promise<void> {
    if (this.#leaving === "no") this.#leaving = "asked";
    this.#objects.close();
    // What is being asked of the cluster is not waited for: that may take longer than a stop has.
    void this.#bringUp.stop();
    await this.#podLink.link.close();
  }

  #asHost(): Pick<Host, "state" | "onState" | "facts" | "wake" | "suspend" | "restart" | "remove" | "settingsChanged"> {
    return {
      state: () => this.#state,
      onState: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      facts: () => this.#facts(),
      wake: () => this.#wake(),
      settingsChanged: () => this.#objects.settingsChanged(),
      suspend: () => this.#suspend(),
      restart: () => this.#restart(),
      remove: () => this.#remove(),
    };
  }

  #seen() {
    return this.#options.watched.seen(this.#options.repositoryId);
  }

  #known() {
    return this.#options.watched.known(this.#options.repositoryId);
  }

  #facts(): HostFacts {
    const { pod } = this.#known();
    const pending = this.#objects.pending(pod);
    return { podName: pod?.metadata?.name ?? null, pending, lastEnd: lastEndOf(pod) };
  }

  #read(): HostState {
    const { link } = this.#podLink;
    const { pod, statefulSet } = this.#known();
    const now = new Date();
    this.#downAt = (statefulSet?.spec?.replicas ?? 0) > 0 ? null : (this.#downAt ?? now);
    return repoPodState({
      news: this.#options.watched.news(),
      pod: readPodState({ ...this.#seen(), ...this.#details.of(pod), now }),
      readyAt: this.#readyAt(pod, now),
      link: link.state(),
      heardAt: link.heardAt(),
      bringUp: this.#bringUp.state(),
      isLeaving: this.#leaving !== "no",
      since: this.#downAt ?? this.#since,
      now,
    });
  }

  /** By this server's own clock: that of the cluster may be another. */
  #readyAt(pod: V1Pod | null, now: Date): Date | null {
    if (!pod || !isReady(pod)) return null;
    const uid = pod.metadata?.uid ?? "";
    if (this.#ready?.uid !== uid) this.#ready = { uid, at: now };
    return this.#ready.at;
  }

  #isUp(): boolean | "unknown" {
    if (this.#resting) return false;
    const { statefulSet } = this.#seen();
    if (statefulSet === "unknown") return "unknown";
    return (statefulSet?.spec?.replicas ?? 0) > 0;
  }

  /** While the API is away the pod it told of last is tried: the link may be there when the watch is not. */
  #target(): LinkTarget {
    const { pod } = this.#known();
    const { name, uid } = pod?.metadata ?? {};
    if (pod && name && uid && isReady(pod)) return { kind: "pod", name, uid, fresh: this.#seen().pod !== "unknown" };
    return { kind: "none", reason: wordsOf(this.#state) };
  }

  #wake(): void {
    this.#turn += 1;
    this.#wantUp();
    this.#mendVolume();
    this.look();
  }

  #wantUp(): void {
    if (this.#leaving === "no") this.#bringUp.want();
  }

  /** Where no volume could be made by the defaults of the server before this one, those of now are tried. */
  #mendVolume(): void {
    const { volumeClaim } = this.#known();
    const isStuck = this.#state.kind === "starting" && this.#state.trouble !== null;
    if (this.#mended || this.#leaving !== "no" || !isStuck || !volumeClaim || !isUnmade(volumeClaim)) return;
    this.#mended = true;
    this.#objects.settingsChanged();
  }

  async #suspend(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    await this.#bringUp.stop();
    const { statefulSet } = this.#seen();
    if (statefulSet === "unknown") throw this.#unavailable();
    const name = statefulSet?.metadata?.name;
    if (!name || statefulSet.spec?.replicas === 0) return;
    this.#resting = true;
    try {
      await (await this.#options.cluster()).scale(name, 0);
      await this.#until(() => this.#known().statefulSet?.spec?.replicas === 0, seenMs);
    } finally {
      this.#resting = false;
    }
    await this.#until(() => turn !== this.#turn || this.#seen().pod === null, goneMs);
    if (turn !== this.#turn) return this.#wantUp();
    if (this.#seen().pod !== null) throw new AppError("unavailable", "The pod was told to end, and is not gone yet.");
  }

  async #restart(): Promise<void> {
    this.#turn += 1;
    const { pod } = this.#seen();
    if (pod === "unknown") throw this.#unavailable();
    await this.#objects.bringUp(AbortSignal.timeout(goneMs));
    const { name, uid } = pod?.metadata ?? {};
    if (!name || !uid) return;
    await (await this.#options.cluster()).remove("Pod", name, { uid });
    const isGone = () => ((now) => now !== "unknown" && now?.metadata?.uid !== uid)(this.#seen().pod);
    await this.#until(isGone, goneMs);
  }

  async #remove(): Promise<void> {
    this.#turn += 1;
    this.#leaving = "asked";
    await this.#bringUp.stop();
    await this.#objects.remove(AbortSignal.timeout(goneMs));
    this.#leaving = "done";
    this.look();
  }

  /** Resolves also when the limit is over: whoever waited looks again. */
  async #until(isTrue: () => boolean, limitMs: number): Promise<void> {
    if (isTrue()) return;
    await new Promise<void>((resolve) => {
      const settle = () => {
        clearTimeout(timer);
        this.#lookers.delete(looker);
        resolve();
      };
      const looker = () => {
        if (isTrue()) settle();
      };
      const timer = setTimeout(settle, limitMs);
      this.#lookers.add(looker);
    });
  }

  #unavailable(): AppError {
    const news = this.#options.watched.news();
    const reason = news.kind === "old" ? news.reason : "the cluster was not heard yet";
    return new AppError("unavailable", `The host cannot be reached: ${reason}`);
  }
}

function wordsOf(state: HostState): string {
  switch (state.kind) {
    case "starting":
      return `the pod is not up yet: ${state.trouble ?? state.detail}`;
    case "suspended":
      return state.reason ?? "the pod is at rest";
    case "unreachable":
      return state.reason;
    case "reachable":
      return "the pod is not ready";
  }
}
