import type { V1Pod } from "@kubernetes/client-node";
import { AppError } from "../../../domain/app-error";
import type { Log } from "../../../kit/log";
import type { Cluster } from "../cluster/cluster";
import { pendingChanges } from "../objects/pending-changes";
import {
  type RepoPodDefaults,
  type RepoPodObjects,
  type RepoPodWish,
  repoPodObjects,
} from "../objects/repo-pod-objects";
import { applyRepoPod, type Wanted } from "./apply-repo-pod";
import { removeRepoPod } from "./remove-repo-pod";
import { replaceUnstarted } from "./replace-unstarted";
import type { WatchedObjects } from "./watched-objects";

export type PodObjectsOptions = {
  repositoryId: string;
  cluster(): Promise<Cluster>;
  watched: WatchedObjects;
  wish(repositoryId: string): Promise<RepoPodWish | null>;
  defaults: RepoPodDefaults;
  /** What is pending is something else now. */
  changed(): void;
  log: Log;
};

const againMs = 5_000;

/** The objects of one repo pod in the cluster: made, changed and taken away, one change after another. */
export class PodObjects {
  readonly #options: PodObjectsOptions;
  #wanted: RepoPodObjects | "asked" | null = null;
  /** What the volume cannot become. */
  #notes: string[] = [];
  /** Why the settings of now do not stand in the cluster. */
  #trouble: string | null = null;
  /** After nobody answered: they are applied once somebody does. */
  #again: NodeJS.Timeout | undefined;
  #isLeaving = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: PodObjectsOptions) {
    this.#options = options;
  }

  /** With the settings of now, and up. A pod that runs is not touched. */
  bringUp(signal: AbortSignal): Promise<void> {
    return this.#inTurn(async () => void (await this.#apply({ isUp: true, signal })));
  }

  /**
   * What may change under running programs does now, and all of it where none ever ran; the rest is pending. Where no pod
   * was ever made, nothing is.
   */
  settingsChanged(): void {
    const { repositoryId, cluster, watched, changed, log } = this.#options;
    const change = async () => {
      this.#wanted = null;
      if (watched.known(repositoryId).statefulSet) {
        const wanted = await this.#apply({ isUp: false, signal: new AbortController().signal });
        await replaceUnstarted(await cluster(), wanted);
      }
      changed();
    };
    clearTimeout(this.#again);
    this.#inTurn(change).catch((error: unknown) => {
      const isOwed = AppError.is(error) && error.code === "unavailable" && !this.#isLeaving;
      if (isOwed) this.#again = setTimeout(() => this.settingsChanged(), againMs);
      this.#trouble = error instanceof Error ? error.message : String(error);
      log.warn("changed settings of a repo pod could not be applied", { error });
      changed();
    });
  }

  /** Nothing is made after this but what is under way. */
  close(): void {
    this.#isLeaving = true;
    clearTimeout(this.#again);
  }

  /** In words. What a pod lacks is empty while the settings are not known yet, which are read then. */
  pending(pod: V1Pod | null): string[] {
    if (pod !== null && this.#wanted === null) this.#learn();
    const wanted = this.#wanted;
    const isKnown = pod !== null && wanted !== null && wanted !== "asked";
    const changes = isKnown ? pendingChanges(pod, wanted.statefulSet) : [];
    return [...changes, ...this.#notes, ...(this.#trouble === null ? [] : [`not applied yet: ${this.#trouble}`])];
  }

  /** Also what is asked for after this makes nothing any more: its repository is going. */
  remove(signal: AbortSignal): Promise<void> {
    this.close();
    const { repositoryId, cluster, defaults } = this.#options;
    return this.#inTurn(async () => {
      const wish = await this.#wish().catch(() => null);
      const name = wish ? (repoPodObjects(wish, defaults).service.metadata?.name ?? null) : null;
      await removeRepoPod(await cluster(), { repositoryId, name, defaults }, signal);
    });
  }

  async #apply(how: { isUp: boolean; signal: AbortSignal }): Promise<Wanted> {
    if (this.#isLeaving)
      throw new AppError(
        "not-found",
        "Nothing is made for this pod any more: its repository is being deleted, or this server stops.",
      );
    const wanted = await this.#read();
    this.#wanted = wanted.objects;
    this.#notes = await applyRepoPod(await this.#options.cluster(), wanted, how);
    this.#trouble = null;
    clearTimeout(this.#again);
    return wanted;
  }

  async #read(): Promise<Wanted> {
    const { defaults } = this.#options;
    const wish = await this.#wish();
    if (!wish) throw new AppError("not-found", "The repository of this pod is gone.");
    return { wish, defaults, objects: repoPodObjects(wish, defaults) };
  }

  /** Objects that are there keep their name, whatever the repository is called now. */
  async #wish(): Promise<RepoPodWish | null> {
    const { repositoryId, watched, wish } = this.#options;
    const { statefulSet, volumeClaim } = watched.known(repositoryId);
    const name = (statefulSet ?? volumeClaim)?.metadata?.name;
    const wanted = await wish(repositoryId);
    return wanted && (name === undefined ? wanted : { ...wanted, name });
  }

  #learn(): void {
    this.#wanted = "asked";
    const learn = async () => {
      this.#wanted = (await this.#read()).objects;
      this.#options.changed();
    };
    learn().catch((error: unknown) => {
      this.#wanted = null; // asked again at the next look
      this.#options.log.debug("what a repo pod should be is not known", { error });
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const turn = before.then(work, work);
    this.#last = turn.catch(() => {}); // told to who asked
    return turn;
  }
}
