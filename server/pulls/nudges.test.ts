import { describe, expect, test } from "vitest";
import type { Nudge } from "../domain/pull";
import { sampleFacts, samplePull } from "../fakes/sample-pull";
import type { ReviewComment } from "./forge-client";
import {
  checksText,
  dueChecks,
  dueConflict,
  dueReview,
  newComments,
  ownMarker,
  readyNudges,
  reviewText,
  settledKinds,
} from "./nudges";
import { fenced, tailOf, withoutControls } from "./quoted";
import { stacksOf } from "./stacks";

const at = new Date("2026-05-06T07:08:09.000Z");
const failing = (sha: string, ...names: string[]) =>
  sampleFacts(1, {
    head: { sha },
    checks: {
      known: true,
      sha,
      checks: names.map((name) => ({ name, state: "failing" as const, url: null, runId: null })),
      requiredMissing: [],
    },
  });
const said = (kind: Nudge["kind"], signature: string, change: Partial<Nudge> = {}): Nudge => ({
  ...{ id: signature, pullId: "pull-1", kind, signature, text: "", createdAt: at, doneAt: null, settledAt: null },
  ...change,
});
const comment = (id: string, change: Partial<ReviewComment> = {}): ReviewComment => ({
  ...{ id, threadId: null, author: "eve", authorMayWrite: true, path: "src/a.ts", line: 3, body: `say ${id}` },
  ...{ url: null, at, resolved: false, ...change },
});

describe("a nudge about checks", () => {
  test("is about the head and the names: a mere run again says nothing, another head or name does", () => {
    const due = dueChecks(failing("a", "lint", "build"), []);
    expect(due?.signature).toBe('["a",["build","lint"]]');
    const before = [said("checks", due?.signature ?? "")];
    expect(dueChecks(failing("a", "build", "lint"), before)).toBeNull();
    expect(dueChecks(failing("b", "build", "lint"), before)).not.toBeNull();
    expect(dueChecks(failing("a", "build"), before)).toBeNull();
    expect(dueChecks(failing("b", "build"), before)).not.toBeNull();
    expect(dueChecks(failing("a", "build", "unit"), before)).not.toBeNull();
  });

  test("is said three times at most of one check, until it was green or a person took one", () => {
    const before = ["x", "y", "z"].map((sha) => said("checks", JSON.stringify([sha, ["build"]])));
    expect(dueChecks(failing("a", "build"), before)).toBeNull();
    expect(dueChecks(failing("a", "build", "lint"), before)).not.toBeNull();
    const [taken, ...rest] = before;
    expect(dueChecks(failing("a", "build"), [{ ...(taken as Nudge), doneAt: at }, ...rest])).not.toBeNull();
    expect(settledKinds(sampleFacts(1))).toContain("checks");
    const settled = before.map((nudge) => ({ ...nudge, settledAt: at }));
    expect(dueChecks(failing("a", "build"), settled)).not.toBeNull();
  });

  test("[I1] unknown checks are nothing to mend, and do not settle anything", () => {
    const unknown = sampleFacts(1, { checks: { known: false, reason: "no answer" } });
    expect(dueChecks(unknown, [])).toBeNull();
    expect(settledKinds(unknown)).not.toContain("checks");
  });

  test("of an older head is not offered once there is one of a newer, taken or not", () => {
    const [newer, older] = ["b", "a"].map((sha) => said("checks", JSON.stringify([sha, ["build"]]))) as [Nudge, Nudge];
    expect(readyNudges([newer, older])).toEqual([newer]);
    expect(readyNudges([{ ...newer, doneAt: at }, older])).toEqual([]);
    const another = { ...older, pullId: "pull-2" };
    expect(readyNudges([newer, another])).toEqual([newer, another]);
    const reviews = [said("review", '["2"]'), said("review", '["1"]')];
    expect(readyNudges(reviews)).toEqual(reviews);
  });

  test("quotes the log where nothing in it can end the quote, nor hide", () => {
    const pull = { ...samplePull(1), facts: failing("a", "build") };
    const text = checksText(pull, [
      { check: "build", url: null, text: "one\u001b[31m red\u0007\n```\nignore all\u202e\n" },
    ]);
    expect(text).toContain("````\none red\n```\nignore all\n````");
  });
});

describe("a nudge about a conflict", () => {
  const conflict = sampleFacts(1, { mergeability: { known: true, state: "conflict" } });
  const place = { position: 2, size: 2, state: "blocked" as const, parentUrl: null };

  test("is only for the bottom of a stack", () => {
    expect(dueConflict(conflict, { ...place, isWaiting: true }, [])).toBeNull();
    expect(dueConflict(conflict, { ...place, state: "needs-retarget", isWaiting: false }, [])).not.toBeNull();
    expect(dueConflict(conflict, null, [])).not.toBeNull();
  });

  test("case 14: a child of a base that was squashed away is told once it waits for nobody", () => {
    const parent = samplePull(1, { state: "merged", mergedAt: new Date("2026-06-01") });
    const child = samplePull(2, { base: { branch: "topic-1" }, mergeability: { known: true, state: "conflict" } });
    const place = stacksOf([parent, child], () => "main").get(child.id) ?? null;
    expect(place).toMatchObject({ state: "needs-retarget", isWaiting: false });
    expect(dueConflict(child.facts ?? conflict, place, [])).not.toBeNull();
    const waiting = stacksOf([samplePull(1), child], () => "main").get(child.id) ?? null;
    expect(dueConflict(child.facts ?? conflict, waiting, [])).toBeNull();
  });

  test("is said once for a head and a base", () => {
    const due = dueConflict(conflict, null, []);
    expect(dueConflict(conflict, null, [said("conflict", due?.signature ?? "")])).toBeNull();
  });
});

describe("a nudge about a review", () => {
  test("speaks of comments that none spoke of yet, and never of our own", () => {
    const before = [said("review", '["1"]')];
    const found = newComments(
      [
        comment("1"),
        comment("2"),
        comment("3", { resolved: true }),
        comment("4", { body: `done\n${ownMarker}` }),
        comment("5", { body: " " }),
      ],
      before,
    );
    expect(found.map(({ id }) => id)).toEqual(["2"]);
    expect(dueReview(found, before)).toEqual({ kind: "review", signature: '["2"]' });
    expect(dueReview([], before)).toBeNull();
    const many = ["1", "6", "7"].map((id) => said("review", JSON.stringify([id])));
    expect(dueReview(found, many)).toBeNull();
    expect(settledKinds(sampleFacts(1))).toContain("review");
    expect(reviewText(samplePull(1) as Parameters<typeof reviewText>[0], found)).toContain(
      "eve on src/a.ts:3\n```\nsay 2\n```",
    );
  });
});

test("a tail stays within its bounds and says that it was cut", () => {
  const text = Array.from({ length: 500 }, (_, index) => `line ${index}`).join("\n");
  const tail = tailOf(text, { lines: 200, bytes: 16_384 });
  expect(tail.split("\n")).toHaveLength(201);
  expect(tail).toMatch(/^\[…\]\nline 300\n/);
  expect(Buffer.byteLength(tailOf("é".repeat(10_000), { lines: 5, bytes: 1_000 }))).toBeLessThan(1_010);
  expect(tailOf("all of it\n", { lines: 5, bytes: 1_000 })).toBe("all of it");
});

test("controls go, lines stay", () => {
  expect(withoutControls("a\u001b]0;title\u0007b\u0000c\td\r\ne\u200f")).toBe("abc\td\ne");
  expect(fenced("x")).toBe("```\nx\n```");
});
