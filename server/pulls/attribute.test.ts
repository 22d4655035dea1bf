import { describe, expect, test } from "vitest";
import { sampleFacts } from "../fakes/sample-pull";
import { type Around, attribute } from "./attribute";
import type { WorkingSession } from "./session-work";

const session = (id: string, change: Partial<WorkingSession> = {}): WorkingSession => ({
  id,
  userId: "user-ada",
  username: "ada",
  repositoryId: "repository",
  title: id,
  branch: `session/ada/${id}`,
  baseBranch: "main",
  ended: false,
  createdAt: new Date("2026-05-06T06:00:00.000Z"),
  ...change,
});
const around = (change: Partial<Around> = {}): Around => ({
  sessions: [session("one")],
  pushRepository: "team/app",
  madeBy: () => [],
  ownersOfHead: () => [],
  loginOf: () => "ada",
  ...change,
});
const from = (branch: string, change: Parameters<typeof sampleFacts>[1] = {}) =>
  sampleFacts(1, { ...change, head: { branch, ...change.head } });

describe("a pull request is a session's", () => {
  test("by its branch, and by one that continues it", () => {
    expect(attribute(from("session/ada/one"), around())).toMatchObject({ sessionId: "one", attributedBy: "branch" });
    for (const branch of ["session/ada/one-api", "session/ada/one.2", "session/ada/one/api"])
      expect(attribute(from(branch), around())).toMatchObject({ sessionId: "one", attributedBy: "descendant" });
    expect(attribute(from("session/ada/onex"), around())).toBeNull();
  });

  test("of two sessions whose branches begin alike, the longest is its owner", () => {
    const sessions = [session("one"), session("two", { branch: "session/ada/one-api" })];
    expect(attribute(from("session/ada/one-api-tests"), around({ sessions }))?.sessionId).toBe("two");
    expect(attribute(from("session/ada/one-web"), around({ sessions }))?.sessionId).toBe("one");
    expect(attribute(from("session/ada/one-api"), around({ sessions }))).toMatchObject({ attributedBy: "branch" });
  });

  test("cases 3 and 4: by a head that was made in its worktree, whatever the branch is called", () => {
    const made = around({ madeBy: (sha) => (sha === "a".repeat(40) ? ["one"] : []) });
    expect(attribute(from("fix-login", { head: { sha: "a".repeat(40) } }), made)).toMatchObject({
      sessionId: "one",
      attributedBy: "worktree",
    });
    // Only checked out: somebody else made it.
    expect(attribute(from("fix-login", { head: { sha: "b".repeat(40) } }), made)).toBeNull();
  });

  test("case 2: by standing on one of its own, when its own person opened it", () => {
    const owners = around({
      ownersOfHead: (_, branch) => (branch === "topic" ? [{ sessionId: "one", url: "u" }] : []),
    });
    const child = { base: { branch: "topic" } };
    expect(attribute(from("other", child), owners)).toMatchObject({ sessionId: "one", attributedBy: "stack" });
    expect(attribute(from("other", { ...child, author: "eve" }), owners)).toBeNull();
    expect(attribute(from("other", { ...child, author: null }), { ...owners, loginOf: () => null })).toBeNull();
  });

  test("case 5: never from a fork, nor from one that is gone", () => {
    for (const repository of ["eve/app", null])
      expect(attribute(from("session/ada/one", { head: { repository } }), around())).toBeNull();
  });

  test("case 6: not when it was over before the session began; case 7: when it was opened and merged between two looks", () => {
    const merged = (mergedAt: string) => from("topic", { state: "merged", mergedAt: new Date(mergedAt) });
    const adopted = around({ sessions: [session("one", { branch: "topic" })] });
    expect(attribute(merged("2026-05-06T05:59:00.000Z"), adopted)).toBeNull();
    expect(attribute(merged("2026-05-06T06:01:00.000Z"), adopted)?.sessionId).toBe("one");
  });

  test("case 7: whatever the forge's clock says, where its branch was named here or its head was made here", () => {
    const merged = { state: "merged" as const, mergedAt: new Date("2026-05-06T03:00:00.000Z") };
    for (const branch of ["session/ada/one", "session/ada/one-api"])
      expect(attribute(from(branch, merged), around())?.sessionId).toBe("one");
    const made = around({ madeBy: () => ["one"] });
    expect(attribute(from("fix", merged), made)).toMatchObject({ attributedBy: "worktree" });
    // Of two that worked on it one after the other it is the one that was there.
    const sessions = [
      session("before", { branch: "session/ada/one", ended: true, createdAt: new Date("2026-05-06T02:00:00.000Z") }),
      session("one"),
    ];
    expect(attribute(from("session/ada/one", merged), around({ sessions }))?.sessionId).toBe("before");
  });

  test("case 1: by a branch below its own, where nobody made the bare one; the longest of its ancestors wins", () => {
    const sessions = [session("one"), session("two", { branch: "session/ada/one/api" })];
    expect(attribute(from("session/ada/one/web"), around({ sessions }))).toMatchObject({
      ...{ sessionId: "one", attributedBy: "descendant" },
      evidence: "its branch session/ada/one/web continues session/ada/one",
    });
    expect(attribute(from("session/ada/one/api/tests"), around({ sessions }))?.sessionId).toBe("two");
    expect(attribute(from("session/ada/one-topic"), around({ sessions }))?.sessionId).toBe("one");
  });

  test("an active session goes before one that ended on the same branch", () => {
    const sessions = [session("old", { branch: "topic", ended: true }), session("new", { branch: "topic" })];
    expect(attribute(from("topic"), around({ sessions }))?.sessionId).toBe("new");
  });
});
