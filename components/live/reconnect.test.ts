import { describe, expect, it } from "vitest";
import { backoffMs, keepTimer, type LinkEvent, type LinkState, pingEveryMs, step } from "./reconnect";

const at = (now: number) => ({ now, random: 1 });

function run(events: LinkEvent[], from: LinkState = { kind: "stopped" }) {
  let state = from;
  const effects: string[] = [];
  let timerMs: number | null = null;
  for (const event of events) {
    const next = step(state, event, at(0));
    state = next.state;
    effects.push(...next.effects);
    if (next.timerMs !== keepTimer) timerMs = next.timerMs;
  }
  return { state, effects, timerMs };
}

describe("the wait between two tries", () => {
  it("grows from 250 ms to 1 s within the first minute, then to 8 s", () => {
    const early = [0, 1, 2, 3, 9].map((attempt) => backoffMs({ attempt, forMs: 5_000, random: 1 }));
    expect(early).toEqual([250, 500, 1000, 1000, 1000]);
    expect(backoffMs({ attempt: 60, forMs: 61_000, random: 1 })).toBe(8_000);
  });

  it("takes up to a quarter off, so that a thousand browsers do not come back at once", () => {
    expect(backoffMs({ attempt: 2, forMs: 0, random: 0 })).toBe(750);
  });
});

describe("a link", () => {
  it("pings ten seconds after the last message, and makes a new socket when two seconds bring no answer", () => {
    const open = run([{ type: "start" }, { type: "opened" }, { type: "message" }]);
    expect(open.timerMs).toBe(pingEveryMs);
    const pinged = run([{ type: "timer" }], open.state);
    expect([pinged.effects, pinged.timerMs]).toEqual([["ping"], 2_000]);
    const silent = run([{ type: "timer" }], pinged.state);
    expect(silent.effects).toEqual(["drop", "connect"]);
  });

  it("looks at once when the page is back, also in the middle of a wait", () => {
    const open = run([{ type: "start" }, { type: "opened" }, { type: "wake" }]);
    expect([open.effects.at(-1), open.timerMs]).toEqual(["ping", 2_000]);
    const waiting = run([{ type: "start" }, { type: "closed", code: 1006, reason: "" }]);
    expect(waiting.state.kind).toBe("waiting");
    expect(run([{ type: "wake" }], waiting.state).effects).toEqual(["connect"]);
  });

  it.each([1000, 4400, 4401, 4403, 4404, 4409, 4410])("never tries again after %i", (code) => {
    const refused = run([{ type: "start" }, { type: "opened" }, { type: "closed", code, reason: "signed out" }]);
    expect(refused.state).toEqual({ kind: "refused", code, reason: "signed out" });
    expect(refused.timerMs).toBeNull();
    expect(run([{ type: "wake" }, { type: "timer" }], refused.state).effects).toEqual([]);
  });

  it.each([1001, 1006, 1011, 1012, 1013])("tries again after %i", (code) => {
    expect(run([{ type: "start" }, { type: "opened" }, { type: "closed", code, reason: "" }]).state.kind).toBe(
      "waiting",
    );
  });

  it("keeps counting attempts while sockets open and close without a message", () => {
    const flap: LinkEvent[] = [{ type: "opened" }, { type: "closed", code: 1013, reason: "busy" }, { type: "timer" }];
    const { state } = run([{ type: "start" }, ...flap, ...flap, ...flap]);
    expect(state).toMatchObject({ kind: "connecting", trouble: { attempt: 2 } });
    expect(run([{ type: "opened" }, { type: "message" }], state).state).toMatchObject({ kind: "open", trouble: null });
  });

  it("a flood of messages is one state", () => {
    const { state } = run([{ type: "start" }, { type: "opened" }, { type: "message" }]);
    expect(run([{ type: "message" }, { type: "message" }], state).state).toBe(state);
  });

  it("drops a socket that neither opens nor fails", () => {
    const { state, effects } = run([{ type: "start" }, { type: "timer" }]);
    expect([state.kind, effects.at(-1)]).toEqual(["waiting", "drop"]);
  });

  it("is not moved by what a dropped socket still says", () => {
    const stopped = run([{ type: "start" }, { type: "stop" }, { type: "opened" }, { type: "message" }]);
    expect(stopped.state).toEqual({ kind: "stopped" });
  });
});
