import { describe, expect, it } from "vitest";
import type { HostStateView, SessionView } from "@/server/protocol/api";
import { hostLook } from "./host-look";
import { lookOf, reasonOf } from "./phase-look";

const up: HostStateView = { kind: "kubernetes", state: "reachable", reason: null, trouble: null, since: null };
const starting: HostStateView = { ...up, state: "starting", reason: "pulling the image" };
const stuck: HostStateView = { ...starting, trouble: "There is no image debain:12" };
const rests: HostStateView = { ...up, state: "suspended" };
const down: HostStateView = { ...rests, reason: "The pod was taken down, not by Trellis" };

type Part = { phase: SessionView["phase"]; hostState: HostStateView };
const session = ({ phase, hostState }: Part) => ({
  phase,
  hostState,
  phaseDetail: null,
  status: null,
  statusReason: null,
  failure: null,
  steps: [],
});

describe("the badge of a session in a pod", () => {
  it.each([
    ["active", up, "Active"],
    ["active", rests, "Rests"],
    ["active", down, "Pod down"],
    ["unreachable", starting, "Pod starting"],
    ["unreachable", stuck, "Pod cannot start"],
    ["unreachable", { ...up, state: "unreachable" }, "Unreachable"],
    ["creating", starting, "Creating"],
    ["creating", stuck, "Pod cannot start"],
    ["ending", stuck, "Ending"],
    ["ended", rests, "Ended"],
  ] as const)("%s with %j shows %s", (phase, hostState, word) => {
    expect(lookOf(session({ phase, hostState })).word).toBe(word);
  });

  it("says what a person must mend, else what is waited for", () => {
    expect(reasonOf(session({ phase: "unreachable", hostState: stuck }))).toBe("There is no image debain:12");
    expect(reasonOf(session({ phase: "unreachable", hostState: starting }))).toBe("pulling the image");
    expect(reasonOf(session({ phase: "active", hostState: rests }))).toContain("wakes it");
  });

  it("says of a pod that somebody else took down that it was, and not that it rests", () => {
    const words = "The pod was taken down, not by Trellis. Opening the session brings it up";
    expect(reasonOf(session({ phase: "active", hostState: down }))).toBe(words);
  });

  it("[1] a host that cannot be asked is unknown, never gone", () => {
    const away = { ...up, state: "unreachable", reason: "the API server does not answer" } as const;
    expect(reasonOf(session({ phase: "unreachable", hostState: away }))).toContain("What runs there is unknown");
    expect(hostLook(away)).toMatchObject({ word: "Repo pod unreachable", detail: "the API server does not answer" });
  });
});

describe("the line about a host", () => {
  it.each([
    [up, "Repo pod running", null],
    [{ ...up, kind: "local" }, "This machine", null],
    [starting, "Repo pod is starting", "pulling the image"],
    [stuck, "Repo pod cannot start", "There is no image debain:12"],
    [rests, "Repo pod rests", "Its files are kept. It wakes when a session is opened or made."],
    [
      ...[down, "Repo pod is down"],
      "The pod was taken down, not by Trellis. It comes up when a session is opened or made.",
    ],
  ] as const)("of %j is %s", (host, word, detail) => {
    expect(hostLook(host)).toMatchObject({ word, detail });
  });
});
