import { describe, expect, it } from "vitest";
import { type CreationStep, creationSteps, type Session, type StepRecord, type Worktree } from "../../domain/session";
import type { HostState } from "../host";
import { phaseOf } from "../phase-of";
import { stepStates } from "../step-states";
import { currentRecords, setupAttempt, stepToTake, withBegun, withEnded } from "./creation-records";
import { nextStep } from "./next-step";

const at = new Date(0);
const here: HostState = { kind: "reachable", seenAt: at };
const away: HostState = { kind: "unreachable", since: at, reason: "asleep" };

const starting: HostState = { kind: "starting", since: at, detail: "Pulling", trouble: null };
const rests: HostState = { kind: "suspended", since: at };

const record = (step: CreationStep, ended = true): StepRecord<CreationStep> => ({
  step,
  startedAt: at,
  endedAt: ended ? at : null,
  detail: null,
});

const made = creationSteps.map((step) => record(step));
const failure = (step: CreationStep | "save") => ({ step, reason: "because", output: null, at });

function session(facts: Partial<Session> = {}): Session {
  return {
    id: "1",
    shortId: "abcdefgh",
    title: "New session",
    userId: "u",
    username: "ada",
    repositoryId: "r",
    host: "local",
    branch: "session/ada/abcdefgh",
    base: null,
    baseBranch: null,
    baseSha: null,
    wanted: "active",
    creation: [],
    failure: null,
    ending: null,
    endingSteps: [],
    endRefusal: null,
    rescueRefs: [],
    pushedBranches: [],
    restoredFromId: null,
    adoptedFrom: null,
    createdAt: at,
    endedAt: null,
    seenAt: null,
    ...facts,
  };
}

const worktree: Worktree = {
  ...{ id: "w", sessionId: "1", repositoryId: "r", path: "/worktrees/abcdefgh", branch: "session/ada/abcdefgh" },
  ...{ madeAt: null, setAsidePath: null, setAsideAt: null, purged: null },
};

describe("the next step and the phase", () => {
  const ending = { wanted: "ended" as const, ending: { keep: "rescue" as const, lossToken: null, requestedAt: at } };
  it.each([
    ["a new session", session(), here, { kind: "create", step: "host", begun: false }, "creating"],
    [
      "a step under way",
      session({ creation: [record("host"), record("clone", false)] }),
      here,
      { kind: "create", step: "clone", begun: true },
      "creating",
    ],
    ["a session that is made", session({ creation: made }), here, { kind: "look" }, "active"],
    ["a failed step", session({ failure: failure("fetch") }), here, { kind: "nothing" }, "failed"],
    ["a lost directory", session({ creation: made, failure: failure("worktree") }), here, { kind: "look" }, "failed"],
    ["a host away", session({ creation: made }), away, { kind: "wait-for-host" }, "unreachable"],
    [
      "a failure behind a host away",
      session({ failure: failure("fetch") }),
      away,
      { kind: "wait-for-host" },
      "unreachable",
    ],
    ["an end on a host away", session(ending), away, { kind: "wait-for-host" }, "unreachable"],
    ["an end", session({ creation: made, ...ending }), here, { kind: "end" }, "ending"],
    ["an end before it was made", session(ending), here, { kind: "end" }, "ending"],
    [
      "an end of what failed to be made",
      session({ failure: failure("setup"), ...ending }),
      here,
      { kind: "end" },
      "ending",
    ],
    ["an end that failed", session({ failure: failure("save"), ...ending }), here, { kind: "nothing" }, "failed"],
    [
      "a new session on a host that rests",
      session(),
      rests,
      { kind: "create", step: "host", begun: false },
      "creating",
    ],
    [
      "a step on a host that rests",
      session({ creation: [record("host"), record("clone", false)] }),
      rests,
      { kind: "bring-up" },
      "creating",
    ],
    [
      "a step on a host on its way up",
      session({ creation: [record("host"), record("clone", false)] }),
      starting,
      { kind: "bring-up" },
      "creating",
    ],
    ["a made session on a host that rests", session({ creation: made }), rests, { kind: "wait-for-host" }, "active"],
    [
      "a made session on a host on its way up",
      session({ creation: made }),
      starting,
      { kind: "wait-for-host" },
      "unreachable",
    ],
    [
      "a failed step on a host that rests",
      session({ failure: failure("fetch") }),
      rests,
      { kind: "nothing" },
      "failed",
    ],
    ["an end on a host that rests", session({ creation: made, ...ending }), rests, { kind: "bring-up" }, "ending"],
    [
      "an end that failed on a host that rests",
      session({ failure: failure("save"), ...ending }),
      rests,
      { kind: "nothing" },
      "failed",
    ],
    ["what has ended", session({ ...ending, endedAt: at }), away, { kind: "nothing" }, "ended"],
  ] as const)("of %s", (_, facts, host, next, phase) => {
    expect(nextStep(facts, worktree, host)).toEqual(next);
    expect(phaseOf(facts, host)).toBe(phase);
  });

  const reached = session({ creation: [record("host"), record("clone", false)], ...ending });
  it.each([
    ["a host that never came up", session(ending), null, starting, "end-unbegun"],
    ["a host away", reached, null, away, "end-unbegun"],
    ["a host that rests", reached, null, rests, "end-unbegun"],
    ["a host that is up, which is asked all the same", reached, null, here, "end"],
    ["a worktree that was begun", reached, worktree, starting, "bring-up"],
    ["a worktree that was begun on a host away", reached, worktree, away, "wait-for-host"],
    [
      "a step that may have made something",
      session({ creation: [record("worktree", false)], ...ending }),
      null,
      away,
      "wait-for-host",
    ],
    ["no wish to end it", session(), null, away, "wait-for-host"],
  ] as const)("[I1] only what is recorded ends a session without its host: of %s", (_, facts, made, host, kind) => {
    expect(nextStep(facts, made, host).kind).toBe(kind);
  });
});

describe("records of creation", () => {
  it("a step taken again voids the steps behind it, and the setup script's tries are counted", () => {
    const again = withBegun(made, "worktree", at);
    expect(currentRecords(again).map(({ step }) => step)).toEqual(["host", "clone", "fetch", "worktree"]);
    expect(stepToTake(again)).toEqual({ step: "worktree", begun: true });
    const ended = withEnded(again, "worktree", { at, detail: null });
    expect(stepToTake(ended)).toEqual({ step: "copy-files", begun: false });
    expect(setupAttempt(withBegun(ended, "setup", at))).toBe(2);
  });

  it("stay as many as there are steps however often one is tried again, the tries of setup apart", () => {
    let creation = made;
    for (let attempt = 0; attempt < 100; attempt += 1) creation = withBegun(creation, "fetch", at);
    expect(creation.length).toBeLessThanOrEqual(creationSteps.length);
  });

  it("are shown while a session is made or failed, with the reason at its step, and not after", () => {
    const steps = stepStates(
      session({ creation: [record("host"), record("clone", false)], failure: failure("clone") }),
    );
    expect(steps.map(({ state }) => state).slice(0, 3)).toEqual(["done", "failed", "waiting"]);
    expect(steps[1]?.detail).toBe("because");
    expect(stepStates(session({ creation: made }))).toEqual([]);
  });
});
