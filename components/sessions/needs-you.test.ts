import { describe, expect, it } from "vitest";
import type { LiveData } from "@/components/live/fold-event";
import type { RepositoryView, SessionView, TerminalView } from "@/server/protocol/api";
import { needKey, needsYou } from "./needs-you";

const at = "2026-01-01T00:00:00Z";
const terminal = (id: string, part: Partial<TerminalView> = {}) =>
  ({ id, title: id, state: "running", exit: null, ...part }) as TerminalView;
const exited = (id: string, code: number | null, reason: "exited" | "killed" | "lost" = "exited") =>
  terminal(id, { state: "exited", exit: { code, signal: null, reason, at } });
const session = (id: string, part: Partial<SessionView> = {}) =>
  ({
    id,
    state: "active",
    phase: "active",
    phaseDetail: null,
    host: "local",
    failure: null,
    endRefusal: null,
    terminals: [],
    createdAt: at,
    ...part,
  }) as unknown as SessionView;
const data = (sessions: SessionView[], part: Partial<LiveData> = {}): LiveData => ({
  sessions: Object.fromEntries(sessions.map((one) => [one.id, one])),
  repositories: {},
  hosts: {},
  notifications: [],
  counts: { activeSessions: 0, byRepository: {}, unreadNotifications: 0 },
  ...part,
});
const keys = (live: LiveData) => needsYou(live).map(needKey);

describe("what needs the person", () => {
  it("a calm day needs nobody", () => {
    expect(keys(data([session("s", { terminals: [terminal("t")] })]))).toEqual([]);
  });

  it("stands worst first: failed, host away, refused end, clone, ended programs", () => {
    const live = data(
      [
        session("program", { terminals: [exited("t", 3)] }),
        session("refused", { endRefusal: { reason: "non-fast-forward", at } }),
        session("away", { phase: "unreachable" }),
        session("failed", { phase: "failed" }),
      ],
      { repositories: { r: { id: "r", clone: { state: "failed", detail: "not found" } } as RepositoryView } },
    );
    expect(keys(live)).toEqual([
      "failed:failed",
      "unreachable:local",
      "end-refused:refused",
      "clone-failed:r",
      "program-ended:t",
    ]);
  });

  it("a program that ended well is no need; one that was lost is, whatever its code", () => {
    expect(
      keys(data([session("s", { terminals: [exited("well", 0), exited("lost", 0, "lost"), exited("bad", 1)] })])),
    ).toEqual(["program-ended:lost", "program-ended:bad"]);
  });

  it("[1] one host away is one row, however many sessions live there, and says nothing of their programs", () => {
    const away = ["a", "b"].map((id) => session(id, { phase: "unreachable", terminals: [exited(`t-${id}`, 1)] }));
    const needs = needsYou(
      data(away, { hosts: { local: { kind: "local", state: "unreachable", reason: "socket closed", since: at } } }),
    );
    expect(needs).toHaveLength(1);
    expect(needs[0]).toMatchObject({ kind: "unreachable", reason: "socket closed", since: at });
  });

  it("ended sessions and an end under way ask for nothing", () => {
    const refusal = { reason: "refused", at };
    expect(
      keys(
        data([
          session("over", { state: "ended", phase: "ended", endRefusal: refusal }),
          session("going", { phase: "ending", endRefusal: refusal }),
        ]),
      ),
    ).toEqual([]);
  });
});
