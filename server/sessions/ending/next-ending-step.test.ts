import { describe, expect, it } from "vitest";
import { endingSteps } from "../../domain/session";
import { isPastReturn, nextEndingStep } from "./next-ending-step";

const at = (ms: number) => new Date(ms);
const ending = { keep: "rescue" as const, lossToken: null, requestedAt: at(100) };
const done = (step: (typeof endingSteps)[number], startedAt = 100) => ({
  ...{ step, startedAt: at(startedAt), endedAt: at(startedAt + 1), detail: null },
});

describe("nextEndingStep", () => {
  it("goes in the order that loses nothing", () => {
    for (const [index, step] of endingSteps.entries()) {
      expect(
        nextEndingStep(
          ending,
          endingSteps.slice(0, index).map((each) => done(each)),
        ),
      ).toBe(step);
    }
  });

  it("repeats a step that was begun and not done", () => {
    expect(nextEndingStep(ending, [done("stop"), { ...done("look"), endedAt: null }])).toBe("look");
  });

  it("begins again when the request is newer than what was done", () => {
    expect(nextEndingStep(ending, [done("stop", 99), done("look", 99)])).toBe("stop");
  });
});

it("can be given up until the directory is moved", () => {
  expect(endingSteps.filter((step) => !isPastReturn(step))).toEqual(["stop", "look", "save", "verify"]);
});
