import { describe, expect, it } from "vitest";
import type { LiveData } from "@/components/live/fold-event";
import type { HostStateView, RepositoryView, SessionView, TerminalView } from "@/server/protocol/api";
import type { PullView } from "@/server/protocol/pulls";
import { mergedKey, needKey, needsYou } from "./needs-you";

const at = "2026-01-01T00:00:00Z";
const terminal = (id: string, part: Partial<TerminalView> = {}) =>
  ({ id, title: id, state: "running", exit: null, ...part }) as TerminalView;
const exited = (id: string, code: number | null, reason: "exited" | "killed" | "lost" = "exited") =>
  terminal(id, { state: "exited", exit: { code, signal: null, reason, at } });
const up: HostStateView = { kind: "local", state: "reachable", reason: null, trouble: null, since: null };
const away: HostStateView = { ...up, state: "unreachable", reason: "socket closed", since: at };
const pod = (id: string, hostState: Partial<HostStateView> = {}) =>
  ({
    id,
    name: id,
    clone: { state: "ready" },
    hostState: { ...up, kind: "kubernetes", podName: `${id}-0`, pending: [], ...hostState },
  }) as unknown as RepositoryView;
const pull = (id: string, part: Partial<PullView>) =>
  ({ id, state: "open", mergeable: "clean", stack: null, ...part }) as PullView;
const session = (id: string, part: Partial<SessionView> = {}) =>
  ({
    id,
    state: "active",
    phase: "active",
    phaseDetail: null,
    host: "local",
    hostState: part.phase === "unreachable" ? away : up,
    repositoryId: "r",
    failure: null,
    endRefusal: null,
    status: null,
    prs: [],
    nudges: [],
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

  it("stands worst first: a pod that cannot start, failed, host away, refused end, clone, ended programs", () => {
    const live = data(
      [
        session("program", { terminals: [exited("t", 3)] }),
        session("refused", { endRefusal: { reason: "non-fast-forward", at } }),
        session("away", { phase: "unreachable" }),
        session("failed", { phase: "failed" }),
      ],
      {
        repositories: {
          stuck: pod("stuck", { state: "starting", trouble: "There is no image debain:12" }),
          r: { ...pod("r"), clone: { state: "failed", detail: "not found" } } as RepositoryView,
        },
      },
    );
    expect(keys(live)).toEqual([
      "pod-trouble:stuck",
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
    const sessions = ["a", "b"].map((id) => session(id, { phase: "unreachable", terminals: [exited(`t-${id}`, 1)] }));
    const needs = needsYou(
      data(sessions, {
        hosts: { local: away },
      }),
    );
    expect(needs).toHaveLength(1);
    expect(needs[0]).toMatchObject({ kind: "unreachable", reason: "socket closed", since: at });
  });

  it("[1] pods that are away are a row each, and the whole cluster away is one", () => {
    const podAway: HostStateView = { ...away, kind: "kubernetes" };
    const there = { phase: "unreachable", host: "kubernetes", hostState: podAway } as const;
    const sessions = ["a", "b", "c"].map((id) => session(id, { ...there, repositoryId: id === "c" ? "r2" : "r1" }));
    expect(keys(data(sessions))).toEqual(["unreachable:r1", "unreachable:r2"]);
    const cluster = { ...podAway, reason: "the API server does not answer" };
    const needs = needsYou(data(sessions, { hosts: { kubernetes: cluster } }));
    expect(needs).toMatchObject([{ where: "kubernetes", reason: cluster.reason, sessions: [{}, {}, {}] }]);
  });

  it("a pod that starts by itself asks for nothing, one that cannot is told once with its words", () => {
    const starting = { ...up, kind: "kubernetes", state: "starting", reason: "pulling the image" } as const;
    const waits = session("s", { phase: "unreachable", host: "kubernetes", hostState: starting });
    expect(keys(data([waits], { repositories: { r: pod("r", starting) } }))).toEqual([]);
    const trouble = "There is no image debain:12";
    const stuck = { ...waits, hostState: { ...starting, trouble } };
    expect(needsYou(data([stuck], { repositories: { r: pod("r", { ...starting, trouble }) } }))).toMatchObject([
      { kind: "pod-trouble", trouble },
    ]);
  });

  it("pull requests that fail, are sent back, conflict or may be merged need a person, in that order", () => {
    const live = data([
      session("a", {
        prs: [
          pull("may-merge", { word: "mergeable" }),
          pull("conflicts", { word: "approved", mergeable: "conflict" }),
          pull("waits", { word: "review_pending" }),
        ],
      }),
      session("b", {
        prs: [
          pull("sent-back", { word: "changes_requested" }),
          pull("fails", { word: "ci_failed", mergeable: "conflict" }),
        ],
      }),
    ]);
    expect(keys(live)).toEqual([
      "checks-failed:fails",
      "changes-requested:sent-back",
      "conflict:conflicts",
      "mergeable:may-merge",
    ]);
  });

  it("many of one session that wait for the same are one row, and leave room for others", () => {
    const failing = (count: number) =>
      Array.from({ length: count }, (_, at) => pull(`fails-${at}`, { word: "ci_failed" }));
    const more = [...failing(16), pull("fits", { word: "changes_requested" })];
    expect(keys(data([session("many", { prs: more })]))).toEqual(["checks-failed:many", "changes-requested:fits"]);
    expect(keys(data([session("few", { prs: failing(3) })]))).toHaveLength(3);
    expect(needsYou(data([session("many", { prs: more })]))[0]).toMatchObject({
      ...{ kind: "checks-failed", pull: { id: "fails-0" }, others: { length: 15 } },
    });
  });

  it("[4] what waits for its parent, is of somebody else, or is unknown is no need of mine", () => {
    const blocked = { position: 2, size: 2, state: "blocked", parentUrl: "u" } as const;
    const one = session("s", {
      prs: [
        pull("root", { word: "pr_open" }),
        pull("child", { word: "ci_failed", stack: blocked }),
        pull("unseen", { state: "unknown", word: null, mergeable: "unknown" }),
      ],
      prsAround: [pull("of-mio", { word: "ci_failed" })],
    });
    expect(keys(data([one]))).toEqual([]);
  });

  it("all merged offers End, until a person keeps the session; one more that merges asks anew", () => {
    const over = { state: "merged", word: null } as const;
    const done = session("s", { status: "merged", prs: [pull("a", over)] });
    expect(keys(data([done]))).toEqual(["merged:s"]);
    const kept = new Set([mergedKey(done)]);
    expect(needsYou(data([done]), kept)).toEqual([]);
    const more = { ...done, prs: [pull("b", over), ...done.prs] };
    expect(needsYou(data([more]), kept)).toHaveLength(1);
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
