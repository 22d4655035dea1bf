import type { CoreV1Event, V1PersistentVolumeClaim, V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import type { Cluster, Kind, ObjectOf, WatchState } from "../cluster/cluster";

/** What there was when the cluster was last heard. */
export type KnownObjects = {
  statefulSet: V1StatefulSet | null;
  pod: V1Pod | null;
  volumeClaim: V1PersistentVolumeClaim | null;
};

/** `"unknown"`: never told, or what was told is old. Unknown is never none. */
export type SeenObjects = { [Part in keyof KnownObjects]: KnownObjects[Part] | "unknown" } & { events: CoreV1Event[] };

/** How what is known stands: `waiting` before the cluster was first heard. */
export type News = { kind: "fresh" } | { kind: "waiting" } | { kind: "old"; since: Date; reason: string };

const watched = ["StatefulSet", "Pod", "PersistentVolumeClaim"] as const;
type Watched = (typeof watched)[number];
type Listing<K extends Kind> = { byRepository: ReadonlyMap<string, ObjectOf<K>>; state: WatchState };

const repositoryLabel = "trellis.dev/repository";

/**
 * One watch of each kind for all repo pods of this installation, whatever their number. `changed` is told of each
 * repository whose objects are others now, or null when anything may be.
 */
export class WatchedObjects {
  readonly #changed: (repositoryId: string | null) => void;
  #listings: { [K in Watched]: Listing<K> } = {
    StatefulSet: nothing(),
    Pod: nothing(),
    PersistentVolumeClaim: nothing(),
  };
  #events = new Map<string, CoreV1Event[]>();
  /** When what is known was last the newest there is. */
  #freshAt = new Date();

  constructor(changed: (repositoryId: string | null) => void) {
    this.#changed = changed;
  }

  /** Until `signal` aborts. */
  watch(cluster: Cluster, selector: string, signal: AbortSignal): void {
    for (const kind of watched) this.#watch(cluster, { kind, selector }, signal);
    const events = (all: ReadonlyMap<string, CoreV1Event>) => this.#takeEvents(all);
    // They carry no labels. Where they cannot be read, states have fewer words and are no less true.
    cluster.watch({ kind: "Event", selector: "" }, { changed: events, state() {} }, signal);
  }

  known(repositoryId: string): KnownObjects {
    const { StatefulSet, Pod, PersistentVolumeClaim } = this.#listings;
    return {
      statefulSet: StatefulSet.byRepository.get(repositoryId) ?? null,
      pod: Pod.byRepository.get(repositoryId) ?? null,
      volumeClaim: PersistentVolumeClaim.byRepository.get(repositoryId) ?? null,
    };
  }

  seen(repositoryId: string): SeenObjects {
    const { statefulSet, pod, volumeClaim } = this.known(repositoryId);
    const fresh = <T>(kind: Watched, value: T) => (this.#listings[kind].state.synced ? value : "unknown");
    return {
      statefulSet: fresh("StatefulSet", statefulSet),
      pod: fresh("Pod", pod),
      volumeClaim: fresh("PersistentVolumeClaim", volumeClaim),
      events: [statefulSet, pod, volumeClaim].flatMap((object) => this.#events.get(object?.metadata?.name ?? "") ?? []),
    };
  }

  news(): News {
    const states = watched.map((kind) => this.#listings[kind].state);
    for (const state of states)
      if (!state.synced && state.reason !== null) return { kind: "old", since: this.#freshAt, reason: state.reason };
    return states.every(({ synced }) => synced) ? { kind: "fresh" } : { kind: "waiting" };
  }

  #watch<K extends Watched>(cluster: Cluster, { kind, selector }: { kind: K; selector: string }, signal: AbortSignal) {
    const listener = {
      changed: (objects: ReadonlyMap<string, ObjectOf<K>>) => this.#take(kind, objects),
      state: (state: WatchState) => {
        if (this.news().kind === "fresh") this.#freshAt = new Date();
        this.#listings[kind].state = state;
        this.#changed(null);
      },
    };
    cluster.watch({ kind, selector }, listener, signal);
  }

  #take<K extends Watched>(kind: K, objects: ReadonlyMap<string, ObjectOf<K>>): void {
    const before: ReadonlyMap<string, ObjectOf<K>> = this.#listings[kind].byRepository;
    const after = new Map<string, ObjectOf<K>>();
    for (const object of objects.values()) {
      const repositoryId = object.metadata?.labels?.[repositoryLabel];
      if (repositoryId !== undefined) after.set(repositoryId, newer(object, after.get(repositoryId)));
    }
    const listing: Listing<K> = this.#listings[kind];
    listing.byRepository = after;
    for (const id of new Set([...before.keys(), ...after.keys()]))
      if (versionOf(before.get(id)) !== versionOf(after.get(id))) this.#changed(id);
  }

  #takeEvents(all: ReadonlyMap<string, CoreV1Event>): void {
    const before = this.#events;
    const after = new Map<string, CoreV1Event[]>();
    for (const event of all.values()) {
      const about = event.involvedObject.name ?? "";
      after.set(about, [...(after.get(about) ?? []), event]);
    }
    this.#events = after;
    const versions = (of: typeof after, name: string) => (of.get(name) ?? []).map(versionOf).sort().join();
    for (const kind of watched)
      for (const [id, { metadata: { name = "" } = {} }] of this.#listings[kind].byRepository)
        if (versions(before, name) !== versions(after, name)) this.#changed(id);
  }
}

const nothing = <K extends Kind>(): Listing<K> => ({ byRepository: new Map(), state: { synced: false, reason: null } });

type Named = { metadata?: { uid?: string; resourceVersion?: string; creationTimestamp?: Date } };

const versionOf = (object: Named | undefined) => `${object?.metadata?.uid} ${object?.metadata?.resourceVersion}`;

/** A pod that goes and the one that takes its place have one name; two sets of one repository are made by hand only. */
function newer<T extends Named>(one: T, other: T | undefined): T {
  const madeAt = (object: T) => object.metadata?.creationTimestamp?.getTime() ?? 0;
  return other && madeAt(other) > madeAt(one) ? other : one;
}
