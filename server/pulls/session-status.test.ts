import { describe, expect, test } from "vitest";
import type { PullFacts, Reviewer } from "../domain/pull";
import { sampleFacts, samplePull } from "../fakes/sample-pull";
import { openWord, sessionStatus } from "./session-status";
import { stacksOf } from "./stacks";

const checks = (...states: ("passing" | "failing" | "pending" | "neutral")[]): Pick<PullFacts, "checks"> => ({
  checks: {
    known: true,
    sha: sampleFacts(1).head.sha,
    checks: states.map((state, index) => ({ name: `check-${index}`, state, url: null, runId: null })),
    requiredMissing: [],
  },
});
const reviewed = (
  state: Reviewer["state"] | null,
  more: Partial<{ unresolvedThreads: number; approvalsMissing: number | null }> = {},
): Pick<PullFacts, "review"> => ({
  review: {
    known: true,
    reviewers: state === null ? [] : [{ name: "eve", state, stale: false }],
    unresolvedThreads: 0,
    approvalsMissing: 0,
    ...more,
  },
});
const unknown = { known: false as const, reason: "the forge did not answer" };
const word = (change: Partial<PullFacts>) => openWord({ ...sampleFacts(1), ...change });

describe("the word of one pull request", () => {
  test.each<[string, Partial<PullFacts>]>([
    ["ci_failed", { ...checks("passing", "failing"), ...reviewed("changes-requested"), draft: true }],
    ["changes_requested", { ...reviewed("changes-requested"), draft: true }],
    ["draft", { draft: true, ...reviewed("pending") }],
    ["review_pending", reviewed("pending")],
    ["review_pending", reviewed("approved", { unresolvedThreads: 1 })],
    ["review_pending", reviewed(null, { approvalsMissing: 1 })],
    ["mergeable", {}],
    ["mergeable", reviewed("approved")],
    ["mergeable", checks("passing", "neutral")],
    ["mergeable", checks()],
    ["approved", { ...reviewed("approved"), ...checks("pending") }],
    ["approved", { ...reviewed("approved"), mergeability: { known: true, state: "conflict" } }],
    ["pr_open", { mergeability: { known: true, state: "blocked" } }],
  ])("is %s by the first that holds", (expected, change) => {
    expect(word(change)).toBe(expected);
  });

  test("[I1] what is pending or unknown is never mergeable", () => {
    expect(word({ checks: unknown })).toBe("pr_open");
    expect(word(reviewed("approved", { approvalsMissing: null }))).toBe("approved");
    expect(word({ review: unknown })).toBe("pr_open");
    expect(word({ mergeability: unknown })).toBe("pr_open");
    expect(word(checks("passing", "pending"))).toBe("pr_open");
    const required = { ...sampleFacts(1).checks, requiredMissing: null } as PullFacts["checks"];
    expect(word({ checks: required })).toBe("pr_open");
    expect(word({ head: { ...sampleFacts(1).head, sha: "f".repeat(40) } })).toBe("pr_open");
  });
});

describe("the status of a session", () => {
  const status = (...pulls: ReturnType<typeof samplePull>[]) =>
    sessionStatus(
      pulls,
      stacksOf(pulls, () => "main"),
    );

  test("is the worst of its open ones, and names them", () => {
    expect(status(samplePull(1), samplePull(2, { draft: true }), samplePull(3, reviewed("pending")))).toEqual({
      status: "draft",
      reason: "#2 is a draft",
    });
  });

  test("leaves out a child whose parent is open, unless there are only such", () => {
    const child = samplePull(2, { draft: true, base: { branch: "topic-1" } });
    expect(status(samplePull(1), child).status).toBe("mergeable");
    const colleague = samplePull(1, {}, { sessionId: null });
    expect(
      sessionStatus(
        [child],
        stacksOf([colleague, child], () => "main"),
      ).status,
    ).toBe("draft");
  });

  test("case 14: a base that is dirty is told of itself, though its child is clean", () => {
    const dirty = samplePull(1, { mergeability: { known: true, state: "conflict" } });
    const clean = samplePull(2, { base: { branch: "topic-1" } });
    expect(status(dirty, clean)).toEqual({ status: "pr_open", reason: "#1 is open: conflicts with the base" });
  });

  test("is merged only when none is open; closed ones alone say nothing", () => {
    const merged = samplePull(1, { state: "merged" });
    expect(status(merged, samplePull(2)).status).toBe("mergeable");
    expect(status(merged, samplePull(2, { state: "closed" }))).toEqual({
      ...{ status: "merged", reason: "#1 is merged: the session can be ended" },
    });
    expect(status(samplePull(2, { state: "closed" }))).toEqual({ status: null, reason: null });
    expect(status()).toEqual({ status: null, reason: null });
  });
});
