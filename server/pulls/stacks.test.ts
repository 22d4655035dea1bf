import { describe, expect, test } from "vitest";
import { samplePull } from "../fakes/sample-pull";
import { stacksOf } from "./stacks";

const places = (...pulls: Parameters<typeof stacksOf>[0]) => {
  const found = stacksOf(pulls, () => "main");
  return Object.fromEntries([...found].map(([id, place]) => [id, place]));
};
const on = (number: number, parent: number | null, change: Parameters<typeof samplePull>[1] = {}) =>
  samplePull(number, { ...change, base: { branch: parent === null ? "main" : `topic-${parent}` } });
const url = (number: number) => `https://forge.test/team/app/pulls/${number}`;

describe("a stack", () => {
  test("is counted from its root to its deepest leaf; one that stands alone is none", () => {
    const all = places(on(1, null), on(2, 1), on(3, 2), on(4, 1), on(9, null));
    expect(all["pull-1"]).toMatchObject({ position: 1, size: 3, state: "root", parentUrl: null, isWaiting: false });
    expect(all["pull-2"]).toMatchObject({ position: 2, size: 3, state: "blocked", parentUrl: url(1), isWaiting: true });
    expect(all["pull-3"]).toMatchObject({ position: 3, size: 3, state: "blocked", parentUrl: url(2) });
    expect(all["pull-4"]).toMatchObject({ position: 2, size: 2, state: "blocked", parentUrl: url(1) });
    expect(all["pull-9"]).toBeUndefined();
  });

  test("case 9: a parent that was closed leaves its child an orphan", () => {
    const all = places(on(1, null, { state: "closed", updatedAt: new Date("2026-06-01") }), on(2, 1), on(3, 2));
    expect(all["pull-2"]).toMatchObject({
      state: "orphaned",
      parentUrl: url(1),
      position: 1,
      size: 2,
      isWaiting: false,
    });
    expect(all["pull-3"]).toMatchObject({ state: "blocked" });
  });

  test("case 10: a parent that merged while its branch was kept leaves a child to retarget", () => {
    const merged = on(1, null, { state: "merged", mergedAt: new Date("2026-06-01") });
    expect(places(merged, on(2, 1))["pull-2"]).toMatchObject({
      state: "needs-retarget",
      parentUrl: url(1),
      isWaiting: false,
    });
  });

  test("a child on the default branch again after its parent merged is ready", () => {
    const merged = on(1, null, { state: "merged", mergedAt: new Date("2026-06-01") });
    const child = samplePull(2, {}, { formerBases: ["topic-1"] });
    expect(places(merged, child)["pull-2"]).toMatchObject({ state: "ready", parentUrl: url(1), position: 1, size: 1 });
    expect(places(merged, samplePull(2))["pull-2"]).toBeUndefined();
  });

  test("case 6: a branch name that was used again later is no parent of before", () => {
    const old = on(1, null, { state: "merged", mergedAt: new Date("2026-05-06T07:00:30.000Z") });
    expect(places(old, on(2, 1))["pull-2"]).toBeUndefined();
  });

  test("case 12: the parent may be another session's", () => {
    const parent = samplePull(1, {}, { sessionId: "another" });
    expect(places(parent, on(2, 1))["pull-2"]).toMatchObject({ state: "blocked", parentUrl: url(1) });
  });

  test("case 13: the same branch names in another repository are other branches", () => {
    const foreign = samplePull(1, { repository: "team/lib", head: { repository: "team/lib" } });
    expect(places(foreign, on(2, 1))).toEqual({});
    const fork = samplePull(1, { head: { repository: "eve/app" } });
    expect(places(fork, on(2, 1))).toEqual({});
  });

  test("case 14: a cycle is named, and ends", () => {
    const all = places(on(1, 2), on(2, 1), on(3, 2));
    expect(all["pull-1"]).toMatchObject({ state: "cycle", position: 1, size: 2 });
    expect(all["pull-2"]).toMatchObject({ state: "cycle", position: 2, size: 2 });
    expect(all["pull-3"]).toMatchObject({ state: "blocked" });
  });

  test("case 14: of two with one head the open one that was first is the parent", () => {
    const second = samplePull(5, { head: { branch: "topic-1" }, base: { branch: "release" } });
    expect(places(second, on(1, null), on(2, 1))["pull-2"]).toMatchObject({ parentUrl: url(1) });
    const first = on(1, null, { state: "merged", mergedAt: new Date("2026-06-01") });
    expect(places(second, first, on(2, 1))["pull-2"]).toMatchObject({ parentUrl: url(5), state: "blocked" });
  });

  test("case 14: four levels are counted through, over one that merged by a squash while its branch was kept", () => {
    const squashed = on(1, null, { state: "merged", mergedAt: new Date("2026-06-01"), mergeSha: "5".repeat(40) });
    const all = places(squashed, on(2, 1), on(3, 2), on(4, 3), on(5, 4));
    expect(all["pull-1"]).toBeUndefined();
    expect(all["pull-2"]).toMatchObject({ position: 1, size: 4, state: "needs-retarget", parentUrl: url(1) });
    expect(all["pull-4"]).toMatchObject({ position: 3, size: 4, state: "blocked", parentUrl: url(3) });
    expect(all["pull-5"]).toMatchObject({ position: 4, size: 4, state: "blocked", parentUrl: url(4) });
  });

  test("case 11: a parent that merged and took its branch with it leaves a child that is ready where it was moved", () => {
    const merged = on(1, null, { state: "merged", mergedAt: new Date("2026-06-01") });
    const moved = samplePull(2, {}, { formerBases: ["topic-1"] });
    const all = places(merged, moved, on(3, 2));
    expect(all["pull-2"]).toMatchObject({ state: "ready", position: 1, size: 2, parentUrl: url(1), isWaiting: false });
    expect(all["pull-3"]).toMatchObject({ state: "blocked", parentUrl: url(2) });
  });

  test("the forge's own stack overlays what is derived", () => {
    const native = (number: number, position: number, parent: number | null) =>
      samplePull(number, {
        nativeStack: { id: "s", position, size: 4 },
        base: { branch: parent === null ? "main" : `topic-${parent}` },
      });
    const all = places(native(1, 1, null), native(2, 2, null));
    expect(all["pull-1"]).toMatchObject({ position: 1, size: 4, state: "root" });
    expect(all["pull-2"]).toMatchObject({ position: 2, size: 4, state: "blocked", parentUrl: url(1), isWaiting: true });
  });

  test("of the forge's own stack, what stands on one that merged waits for nothing; on one that nobody saw it does", () => {
    const native = (number: number, position: number, change: Parameters<typeof samplePull>[1] = {}) =>
      samplePull(number, { nativeStack: { id: "s", position, size: 3 }, ...change });
    const merged = native(1, 1, { state: "merged", mergedAt: new Date("2026-06-01") });
    const all = places(merged, native(2, 2), native(3, 3, { base: { branch: "topic-2" } }));
    expect(all["pull-2"]).toMatchObject({ position: 2, state: "ready", parentUrl: url(1), isWaiting: false });
    expect(all["pull-3"]).toMatchObject({ position: 3, state: "blocked", parentUrl: url(2), isWaiting: true });
    expect(places(native(2, 2))["pull-2"]).toMatchObject({ state: "root", isWaiting: false });
    const above = native(3, 3, { base: { branch: "topic-2" } });
    expect(places(above)["pull-3"]).toMatchObject({ state: "blocked", parentUrl: null, isWaiting: true });
  });

  test("what brings the default branch elsewhere is no parent of all that is opened against it", () => {
    const release = samplePull(1, { head: { branch: "main" }, base: { branch: "production" } });
    expect(places(release, samplePull(2), on(3, 2))).toMatchObject({ "pull-2": { state: "root" } });
    expect(places(release, samplePull(2))).toEqual({});
  });

  test("[I1] one that was never seen is in no stack and no parent", () => {
    const unseen = { ...on(1, null), facts: null };
    expect(places(unseen, on(2, 1))).toEqual({});
  });
});
