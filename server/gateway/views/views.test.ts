import { describe, expect, test } from "vitest";
import {
  lossView as lossSchema,
  repositoryView as repositorySchema,
  rescueView as rescueSchema,
  sessionView as sessionSchema,
} from "../../protocol/api";
import { sampleReading, sampleRepository, sampleSession, sampleTerminal } from "../testing/sample-rows";
import { hostStateView, repositoryHostView } from "./host-view";
import { lossView } from "./loss-view";
import { repositoryView } from "./repository-view";
import { rescueView } from "./rescue-view";
import { sessionView } from "./session-view";

const then = new Date("2026-01-02T03:04:05.678Z");
const host = {
  state: { kind: "reachable", seenAt: then } as const,
  facts: { podName: "trellis-engine-0", pending: ["another image"] },
};
const worktree = {
  id: "w",
  sessionId: "session-1",
  repositoryId: "repo-1",
  path: "/worktrees/abcd1234",
  branch: "session/ada/abcd1234",
  madeAt: then,
  setAsidePath: "/ended/abcd1234",
  setAsideAt: then,
  purged: null,
};

describe("a session's view", () => {
  const around = { repositoryName: "engine", host, terminals: [], pulls: null };

  test("carries every fact in the protocol's words", () => {
    const session = sampleSession({
      failure: { step: "clone", reason: "no such host", output: "fatal: …", at: then },
      endRefusal: { reason: "the push was refused", at: then },
      rescueRefs: [{ ref: "refs/trellis/rescue/abcd1234/head", sha: "1".repeat(40) }],
      pushedBranches: ["session/ada/abcd1234"],
      endedAt: then,
    });
    const step = {
      step: "clone",
      title: "Cloning",
      state: "failed",
      startedAt: then,
      endedAt: null,
      detail: null,
    } as const;
    const reading = sampleReading({ session, worktree, phase: "ended", steps: [step], setAsideUntil: then });
    const view = sessionSchema.strict().parse(sessionView(reading, around));
    expect(view).toMatchObject({
      state: "ended",
      worktreePath: "/worktrees/abcd1234",
      setAsidePath: "/ended/abcd1234",
      setAsideUntil: then.toISOString(),
      steps: [{ state: "failed", startedAt: then.toISOString(), endedAt: null }],
      failure: { reason: "no such host", at: then.toISOString() },
      status: null,
      chats: [],
      prs: [],
    });
  });

  test("it is active until everything is done, and a purged directory is no longer there", () => {
    const purged = { ...worktree, purged: { at: then, reason: "disk-short" as const } };
    const view = sessionView(sampleReading({ worktree: purged, phase: "ending", setAsideUntil: then }), around);
    expect(view).toMatchObject({ state: "active", phase: "ending", setAsidePath: null, setAsideUntil: null });
  });

  test("the setup script's terminal is named apart and is no tab", () => {
    const exit = { code: 1, signal: null, reason: "exited" as const, at: then, offset: 9 };
    const terminals = [sampleTerminal({ id: "setup", kind: "setup" }), sampleTerminal({ title: "mine", exit })];
    const view = sessionSchema.parse(sessionView(sampleReading(), { ...around, terminals }));
    expect(view.setupTerminalId).toBe("setup");
    expect(view.terminals).toMatchObject([
      { id: "terminal-1", renamed: true, exit: { code: 1, at: then.toISOString() } },
    ]);
  });
});

describe("a repository's clone", () => {
  const cloneOf = (
    patch: Parameters<typeof sampleRepository>[0],
    progress: { detail: string; percent: number | null } | null,
  ) =>
    repositorySchema.parse(
      repositoryView(sampleRepository(patch), {
        progress,
        hostState: repositoryHostView("kubernetes", host),
        activeSessions: 0,
        pullTrouble: null,
      }),
    ).clone;
  const failed = { reason: "Could not resolve host", at: then };

  test.each([
    [{ clonedAt: null }, null, { state: "cloning", detail: null, percent: null }],
    [
      { clonedAt: null },
      { detail: "Receiving objects", percent: 41.6 },
      { state: "cloning", detail: "Receiving objects", percent: 42 },
    ],
    [{ clonedAt: null, cloneFailure: failed }, null, { state: "failed", detail: "Could not resolve host" }],
    [
      { clonedAt: null, cloneFailure: failed },
      { detail: "again", percent: null },
      { state: "cloning", detail: "again" },
    ],
    [{ clonedAt: then }, null, { state: "ready", clonedAt: then.toISOString() }],
    [{ clonedAt: then, deletingAt: then }, null, { state: "deleting" }],
  ] as const)("of %j with progress %j is %j", (patch, progress, expected) => {
    expect(cloneOf(patch, progress)).toMatchObject(expected);
  });
});

test("a host that is away says why and since when, and nothing of what runs there", () => {
  expect(hostStateView("local", { kind: "unreachable", since: then, reason: "the holder was killed" })).toEqual({
    kind: "local",
    state: "unreachable",
    reason: "the holder was killed",
    trouble: null,
    since: then.toISOString(),
  });
});

test("the pod of a repository has its name and what is pending", () => {
  expect(repositoryHostView("kubernetes", host)).toMatchObject({ state: "reachable", ...host.facts });
});

test("what is waited for and what a person must mend are two things", () => {
  const detail = "waiting for the image";
  const waits = { kind: "starting", since: then, detail, trouble: null } as const;
  expect(hostStateView("kubernetes", waits)).toMatchObject({ state: "starting", reason: detail, trouble: null });
  const trouble = "there is no image debain:12";
  expect(hostStateView("kubernetes", { ...waits, trouble })).toMatchObject({ reason: detail, trouble });
});

test("an unknown part of a look stays unknown", () => {
  const unknown = { state: "unknown", reason: "git did not answer" } as const;
  const parts = [
    "branches",
    "changed",
    "untracked",
    "ignored",
    "stashes",
    "operation",
    "submodules",
    "nestedRepositories",
    "programs",
    "turns",
  ];
  const loss = Object.fromEntries(parts.map((part) => [part, unknown])) as Parameters<typeof lossView>[0]["loss"];
  const view = lossSchema.strict().parse(lossView({ token: "t", sessionId: "session-1", loss, seenAt: then }));
  expect(view.branches).toEqual(unknown);
});

test("a rescue tells until when its directory is kept", () => {
  const rescue = { session: sampleSession({ endedAt: then }), refs: [{ ref: "r", sha: "s", subject: null }], worktree };
  const view = rescueSchema.strict().parse(rescueView(rescue, 7));
  expect(view).toMatchObject({ setAsidePath: "/ended/abcd1234", setAsideUntil: "2026-01-09T03:04:05.678Z" });
});
