import type { KubernetesObject } from "@kubernetes/client-node";
import { beforeEach, describe, expect, test } from "vitest";
import type { Cluster, Kind, WatchListener } from "../cluster/cluster";
import { WatchedObjects } from "./watched-objects";

let told: (string | null)[];
let listeners: Map<string, WatchListener<Kind>>;
let watched: WatchedObjects;
beforeEach(() => {
  told = [];
  listeners = new Map();
  watched = new WatchedObjects((repositoryId) => told.push(repositoryId));
  const watch: Cluster["watch"] = ({ kind }, listener) => {
    listeners.set(kind, listener as unknown as WatchListener<Kind>);
  };
  watched.watch({ watch } as Cluster, "", new AbortController().signal);
});

const sync = () => {
  for (const listener of listeners.values()) listener.state({ synced: true });
  told = [];
};
const object = (name: string, repositoryId: string, version: string): KubernetesObject => ({
  metadata: { name, uid: `uid-${name}`, resourceVersion: version, labels: { "trellis.dev/repository": repositoryId } },
});
const tell = (kind: Kind, ...objects: KubernetesObject[]) =>
  listeners.get(kind)?.changed(new Map(objects.map((each) => [each.metadata?.name ?? "", each])));

describe("what is watched", () => {
  test("[I1] is unknown before it was told, and again while what was told is old", () => {
    expect(watched.seen("r").pod).toBe("unknown");
    sync();
    expect(watched.seen("r").pod).toBeNull();
    tell("Pod", object("r-0", "r", "1"));
    listeners.get("Pod")?.state({ synced: false, reason: "connection refused" });
    expect(watched.seen("r")).toMatchObject({ pod: "unknown", statefulSet: null });
    expect(watched.known("r").pod?.metadata?.name).toBe("r-0");
    expect(watched.news()).toMatchObject({ kind: "old", reason: "connection refused" });
  });

  test("tells only the repositories whose objects are others", () => {
    sync();
    tell("Pod", object("a-0", "a", "1"), object("b-0", "b", "1"));
    expect(told).toEqual(["a", "b"]);
    told = [];
    tell("Pod", object("a-0", "a", "1"), object("b-0", "b", "2"));
    expect(told).toEqual(["b"]);
    told = [];
    tell("Pod", object("b-0", "b", "2"));
    expect(told).toEqual(["a"]);
    expect(watched.seen("a").pod).toBeNull();
  });

  test("has the events of a repository's objects, and tells of new ones", () => {
    sync();
    tell("StatefulSet", object("a", "a", "1"));
    tell("Pod", object("a-0", "a", "1"));
    told = [];
    const about = (name: string, version: string) => ({
      ...{ metadata: { name: `event-${name}`, uid: name, resourceVersion: version }, involvedObject: { name } },
    });
    tell("Event", about("a", "1"), about("a-0", "1"), about("somebody-else", "1"));
    expect(watched.seen("a").events.map(({ involvedObject }) => involvedObject.name)).toEqual(["a", "a-0"]);
    expect(new Set(told)).toEqual(new Set(["a"]));
    told = [];
    tell("Event", about("a", "1"), about("a-0", "1"), about("somebody-else", "2"));
    expect(told).toEqual([]);
  });

  test("is waited for until every kind was told once", () => {
    expect(watched.news()).toEqual({ kind: "waiting" });
    listeners.get("Pod")?.state({ synced: true });
    expect(watched.news()).toEqual({ kind: "waiting" });
    sync();
    expect(watched.news()).toEqual({ kind: "fresh" });
  });
});
