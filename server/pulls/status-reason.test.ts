import { describe, expect, test } from "vitest";
import type { PullFacts, Reviewer } from "../domain/pull";
import { sampleFacts } from "../fakes/sample-pull";
import { statusReason } from "./status-reason";
import { openWords } from "./status-words";

const failing = (...names: string[]): Partial<PullFacts> => {
  const checks = names.map((name) => ({ name, state: "failing" as const, url: null, runId: null }));
  return { checks: { known: true, sha: "s", checks, requiredMissing: [] } };
};
const pending = (count: number): Partial<PullFacts> => {
  const checks = Array.from({ length: count }, () => ({
    ...{ name: "build", url: null, runId: null },
    state: "pending" as const,
  }));
  return { checks: { known: true, sha: "s", checks, requiredMissing: [] } };
};
const said = (state: Reviewer["state"], names: string[], unresolvedThreads = 0): Partial<PullFacts> => ({
  review: {
    ...{ known: true, unresolvedThreads, approvalsMissing: 0 },
    reviewers: names.map((name) => ({ name, state, stale: false })),
  },
});
const facts = (number: number, change: Partial<PullFacts> = {}) =>
  sampleFacts(number, { ...change, head: { sha: "s" } });
const unknown = { known: false as const, reason: "the forge did not answer" };

describe("why a session has its word", () => {
  test.each<[Parameters<typeof statusReason>[0], PullFacts[], string]>([
    ["ci_failed", [facts(412, failing("build", "lint"))], "CI fails on #412: build, lint"],
    ["ci_failed", [facts(1, failing("a", "b", "c", "d", "e"))], "CI fails on #1: a, b, c, 2 more"],
    ["ci_failed", [facts(2, failing("a")), facts(1, failing("a"))], "CI fails on #1 and #2: a"],
    ["ci_failed", [facts(1, failing("a")), facts(2, failing("b"))], "CI fails on #1: a; CI fails on #2: b"],
    ["changes_requested", [facts(412, said("changes-requested", ["ana"]))], "ana asked for changes on #412"],
    ["draft", [facts(412)], "#412 is a draft"],
    ["draft", [facts(1), facts(2), facts(3)], "#1, #2 and #3 are drafts"],
    ["review_pending", [facts(412, said("pending", ["ana"]))], "#412 waits for a review by ana"],
    ["review_pending", [facts(1, said("approved", ["ana"], 2))], "#1 has 2 unresolved threads"],
    [
      "review_pending",
      [facts(1, said("pending", ["ana", "bo"], 1))],
      "#1 waits for a review by ana and bo, with 1 unresolved thread",
    ],
    ["pr_open", [facts(1, pending(2))], "#1 is open: 2 checks still run"],
    [
      "pr_open",
      [facts(1, { mergeability: { known: true, state: "conflict" } })],
      "#1 is open: conflicts with the base",
    ],
    [
      "pr_open",
      [facts(1, { mergeability: { known: true, state: "blocked" } })],
      "#1 is open: the forge would refuse to merge now",
    ],
    [
      "approved",
      [facts(1, { ...said("approved", ["ana"]), ...pending(1) })],
      "#1 is approved by ana: 1 check still runs",
    ],
    ["mergeable", [facts(1), facts(2)], "#1 and #2 can be merged"],
    ["merged", [facts(410), facts(412)], "#410 and #412 are merged: the session can be ended"],
  ])("%s: %#", (word, pulls, expected) => {
    expect(statusReason(word, pulls)).toBe(expected);
  });

  test("[I1] what is unknown is said to be unknown", () => {
    expect(statusReason("pr_open", [facts(1, { checks: unknown })])).toBe("#1 is open: what the checks say is unknown");
    expect(statusReason("pr_open", [facts(1, { review: unknown })])).toBe("#1 is open: what reviewers say is unknown");
    expect(statusReason("pr_open", [facts(1, { mergeability: unknown })])).toContain("is unknown");
  });

  test("stays one short line, however many pull requests there are and whatever their checks are called", () => {
    const rude = ["\u202Eevil\u202C\n\u0007", "x".repeat(300), "\u{1F98A}".repeat(80), "c", "d"];
    const many = Array.from({ length: 40 }, (_, index) => facts(index + 1, failing(`only-${index}`, ...rude)));
    for (const word of [...openWords, "merged" as const]) {
      const reason = statusReason(word, many);
      expect([...reason].length).toBeLessThan(500);
      expect(reason).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(reason).toContain("#1");
      expect(reason).toContain(" more");
    }
  });
});
