import { describe, expect, it } from "vitest";
import type { PullView } from "@/server/protocol/pulls";
import { pullBadges } from "./pull-badges";
import { pullLook } from "./pull-look";
import { sampleChild, samplePull } from "./testing/sample-pull";

const named = (url: string) => `#${url.slice(url.lastIndexOf("/") + 1)}`;
const words = (pull: PullView) => pullBadges(pull, named).map(({ word }) => word);
const none = { passed: 0, pending: 0, failing: [], all: [], requiredMissing: null };
const fails = (...names: string[]) => names.map((name) => ({ name, url: null }));
const reviewer = (name: string, state: PullView["review"]["reviewers"][number]["state"]) => ({
  name,
  state,
  stale: false,
});

describe("the badges of a pull request", () => {
  it("counts what failed, runs and passed beside each other", () => {
    const checks = { ...none, state: "failing", failing: fails("test"), pending: 1, passed: 2 } as const;
    expect(words(samplePull(1, { checks }))).toEqual(["1 failing", "1 pending", "2 passing"]);
    expect(words(samplePull(1, { checks: { ...none, state: "passing", passed: 14 } }))).toEqual(["14 checks"]);
  });

  it("[4] unknown is said to be unknown, with the reason, and none is not green", () => {
    const lookFailure = { reason: "answered 503", at: "2026-05-06T07:00:00.000Z" };
    const unknown = samplePull(1, {
      checks: { ...none, state: "unknown" },
      review: { state: "unknown", reviewers: [], unresolvedThreads: null },
      lookFailure,
    });
    expect(words(unknown)).toEqual(["Checks unknown", "Review unknown"]);
    expect(pullBadges(unknown, named).map(({ tone, tooltip }) => [tone, tooltip])).toEqual([
      ["unknown", "answered 503"],
      ["unknown", "answered 503"],
    ]);
    expect(pullBadges(samplePull(1, { checks: { ...none, state: "none" } }), named)).toMatchObject([
      { word: "No checks", tone: "neutral" },
    ]);
    expect(words(samplePull(1, { state: "unknown" }))).toEqual(["Nothing known"]);
    expect(pullLook({ state: "unknown", word: null }).tone).toBe("unknown");
  });

  it("names who asked for changes and how many threads are open", () => {
    const reviewers = [reviewer("Tomás", "changes-requested"), reviewer("Mio", "approved")];
    const review: PullView["review"] = { state: "changes-requested", unresolvedThreads: 2, reviewers };
    expect(words(samplePull(1, { review }))).toContain("Tomás: 2 threads");
  });

  it("says what holds up a child, and a conflict beside it", () => {
    expect(words(sampleChild(2, 1, { mergeable: "conflict" })).slice(1)).toEqual(["Conflict", "Blocked by #1"]);
    expect(words(sampleChild(2, 1, { stack: { state: "orphaned" } }))).toContain("Parent closed");
  });

  it("what is over has none: its word says all", () => {
    expect(words(samplePull(1, { state: "merged", mergeable: "conflict" }))).toEqual([]);
    expect(pullLook({ state: "merged", word: null }).word).toBe("Merged");
  });
});
