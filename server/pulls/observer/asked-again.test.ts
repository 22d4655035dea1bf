import { expect, test } from "vitest";
import type { PullFacts } from "../../domain/pull";
import { samplePull } from "../../fakes/sample-pull";
import { askedAgain } from "./asked-again";

const now = new Date("2026-05-06T07:08:09.000Z");
const unknown = { known: false as const, reason: "not told" };
const numbersOf = (...changes: Partial<PullFacts>[]) =>
  askedAgain(
    changes.map((change, at) => samplePull(at + 1, change, { seenAt: now })),
    { hints: [], now, forgeNow: now },
  ).map(({ number }) => number);

test("[I1] what is unknown of an open one is asked again, but not whether a draft would merge", () => {
  expect(numbersOf({}, { checks: unknown }, { review: unknown }, { mergeability: unknown })).toEqual([2, 3, 4]);
  expect(numbersOf({ draft: true, mergeability: unknown }, { draft: true, checks: unknown })).toEqual([2]);
  expect(numbersOf({ state: "closed", checks: unknown })).toEqual([]);
});

test("one whose checks failed is asked again soon, and ever more seldom while nothing of it moves", () => {
  const minutes = (count: number) => new Date(now.getTime() - count * 60_000);
  const asked = (restedMinutes: number, seenMinutes: number, state: "failing" | "passing" = "failing") => {
    const checks = {
      known: true as const,
      sha: "a",
      checks: [{ name: "build", state, url: null, runId: null }],
      requiredMissing: [],
    };
    const change = { head: { sha: "a" }, updatedAt: minutes(restedMinutes), checks };
    const rows = [samplePull(1, change, { seenAt: minutes(seenMinutes) })];
    return askedAgain(rows, { hints: [], now, forgeNow: now }).length === 1;
  };
  expect([asked(2, 0.5), asked(2, 1.5), asked(2, 1.5, "passing")]).toEqual([false, true, false]);
  expect([asked(40, 9), asked(40, 11)]).toEqual([false, true]);
  expect([asked(10_000, 59), asked(10_000, 61)]).toEqual([false, true]);
});
