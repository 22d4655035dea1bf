import { describe, expect, test } from "vitest";
import { isSameState, type RepoPodKnowledge, repoPodState } from "./repo-pod-state";

const since = new Date("2026-11-21T12:00:00Z");
const away = { kind: "away", since, reason: "the link was cut" } as const;
const here = { kind: "here" } as const;
const knowledge = (change: Partial<RepoPodKnowledge>): RepoPodKnowledge => ({
  ...{ news: { kind: "fresh" }, pod: { kind: "ready" }, link: away, heardAt: null, bringUp: null, since },
  ...{ isLeaving: false, readyAt: new Date("2026-11-21T11:00:00Z"), now: new Date("2026-11-21T12:10:00Z") },
  ...change,
});
const unknown = { kind: "unreachable", since, reason: "not known" } as const;

describe("the state of a repo pod", () => {
  test("[I1] a link that is alive proves the pod, whatever the API does not say", () => {
    const news = { kind: "old", since: new Date("2026-11-21T12:05:00Z"), reason: "connection refused" } as const;
    expect(repoPodState(knowledge({ news, pod: unknown, link: here, heardAt: since }))).toEqual({
      kind: "reachable",
      seenAt: since,
    });
  });

  test("[I1] with neither link nor API it is unknown, with the API's reason", () => {
    const news = { kind: "old", since: new Date("2026-11-21T12:05:00Z"), reason: "connection refused" } as const;
    for (const pod of [unknown, { kind: "absent" }, { kind: "suspended", since }] as const)
      expect(repoPodState(knowledge({ news, pod }))).toEqual({ ...news, kind: "unreachable" });
  });

  test("before the cluster was first heard it is on its way, not away", () => {
    const state = repoPodState(knowledge({ news: { kind: "waiting" }, pod: unknown }));
    expect(state).toMatchObject({ kind: "starting", trouble: null });
  });

  test("a pod that is ready a moment ago is reached for, and is unreachable when that goes on", () => {
    const readyAt = new Date("2026-11-21T12:09:59Z");
    expect(repoPodState(knowledge({ readyAt }))).toMatchObject({ kind: "starting", trouble: null });
    expect(repoPodState(knowledge({}))).toEqual({ ...away, kind: "unreachable" });
  });

  test("one that was never made rests, and comes up once it is wanted", () => {
    expect(repoPodState(knowledge({ pod: { kind: "absent" } }))).toEqual({ kind: "suspended", since });
    const bringUp = { since, trouble: null };
    expect(repoPodState(knowledge({ pod: { kind: "absent" }, bringUp }))).toMatchObject({ kind: "starting" });
    expect(repoPodState(knowledge({ pod: { kind: "suspended", since }, bringUp }))).toMatchObject({ kind: "starting" });
  });

  test("one that somebody else took down says so, with its time, and rests where its repository is deleted", () => {
    const at = new Date("2026-11-21T12:05:00Z");
    const reason = expect.stringContaining("taken down, not by Trellis");
    const down = (time: Date | null) => ({ kind: "taken-down", since: time }) as const;
    expect(repoPodState(knowledge({ pod: down(at) }))).toEqual({ kind: "suspended", since: at, reason });
    expect(repoPodState(knowledge({ pod: down(null) }))).toEqual({ kind: "suspended", since, reason });
    expect(repoPodState(knowledge({ pod: down(null), isLeaving: true }))).toEqual({ kind: "suspended", since });
    const bringUp = { since, trouble: null };
    expect(repoPodState(knowledge({ pod: down(at), bringUp }))).toMatchObject({ kind: "starting" });
  });

  test("what the cluster refuses is told while it is wanted", () => {
    const bringUp = { since, trouble: "exceeded quota" };
    expect(repoPodState(knowledge({ pod: { kind: "absent" }, bringUp }))).toMatchObject({
      kind: "starting",
      trouble: "exceeded quota",
    });
  });

  test("being heard again is no other state; other words are", () => {
    const heard = (at: number) => ({ kind: "reachable", seenAt: new Date(at) }) as const;
    expect(isSameState(heard(1), heard(2))).toBe(true);
    const starting = (detail: string) => ({ kind: "starting", since, detail, trouble: null }) as const;
    expect(isSameState(starting("Pulling"), starting("Pulling"))).toBe(true);
    expect(isSameState(starting("Pulling"), starting("Starting"))).toBe(false);
  });
});
