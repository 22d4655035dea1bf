import type { RequestOptions } from "node:https";
import type {
  CoreV1Event,
  KubernetesObject,
  V1Namespace,
  V1Node,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V1StorageClass,
} from "@kubernetes/client-node";

/** Every kind of object that is read or written. Namespaces, nodes and storage classes belong to no namespace. */
type Objects = {
  Pod: V1Pod;
  StatefulSet: V1StatefulSet;
  Service: V1Service;
  ServiceAccount: V1ServiceAccount;
  PersistentVolumeClaim: V1PersistentVolumeClaim;
  PodDisruptionBudget: V1PodDisruptionBudget;
  Event: CoreV1Event;
  Namespace: V1Namespace;
  Node: V1Node;
  StorageClass: V1StorageClass;
};
export type Kind = keyof Objects;
export type ObjectOf<K extends Kind> = Objects[K];

export type WatchState =
  /** What was told last is what there is. */
  | { synced: true }
  /** What was told last is old; `reason` says why in words, or is null before the first list. */
  | { synced: false; reason: string | null };

export type WatchListener<K extends Kind> = {
  /** All there is now, by name: first the list, then after every change. */
  changed(objects: ReadonlyMap<string, ObjectOf<K>>): void;
  state(state: WatchState): void;
};

export type ClusterLook = {
  reachable: boolean;
  /** Why not reachable, or what must be mended first; null when all is well. */
  reason: string | null;
  version: string | null;
  server: string | null;
  missingRights: { right: string /** YAML to add, as it stands. */; rule: string }[];
  facts: { name: string; value: string }[];
};

export type Removal = { uid?: string; resourceVersion?: string; graceSeconds?: number };

/**
 * One namespace of a cluster, with fresh credentials for every call. What cannot be answered is rejected with
 * `AppError("unavailable")`, and that says nothing about the objects; what the API server refused (a quota, an
 * admission, a conflict) with `AppError("refused")` and its own words.
 */
export interface Cluster {
  readonly namespace: string;
  /** Address, TLS and headers of now, for a connection of one's own. */
  execTarget(): Promise<{ server: string; options: RequestOptions }>;
  /** Server-side apply by the field manager `trellis`, by force. Answers what the API server made of it. */
  apply<T extends KubernetesObject>(object: T): Promise<T>;
  /** Null only when the API server itself said that there is none of this name. */
  get<K extends Kind>(kind: K, name: string): Promise<ObjectOf<K> | null>;
  /** `selector` goes by labels; empty is all. */
  list<K extends Kind>(kind: K, selector: string): Promise<ObjectOf<K>[]>;
  /** What is gone already is fine. With `uid` only that very object, with `resourceVersion` only as it was seen. */
  remove(kind: Kind, name: string, options?: Removal): Promise<void>;
  scale(statefulSet: string, replicas: 0 | 1): Promise<void>;
  /** The last lines of a container, or of the one that ran before it; empty where nothing was printed or kept. */
  log(pod: string, options: { container: string; previous: boolean; lines: number }): Promise<string>;
  /** Lists, watches, and begins again for ever, until `signal` aborts; nothing is told after that. */
  watch<K extends Kind>(of: { kind: K; selector: string }, listener: WatchListener<K>, signal: AbortSignal): void;
  look(): Promise<ClusterLook>;
}
