import { describe, expect, it } from "vitest";
import type { LossView } from "@/server/protocol/api";
import { lossCounts, lossRows, newLines } from "./loss-rows";

const none = { state: "known" as const, value: { count: 0, bytes: 0, names: [] } };
const empty: LossView = {
  branches: {
    state: "known",
    value: [{ branch: "session/ana/k3", head: "a", commitsOnNoRemote: { count: 0, commits: [] } }],
  },
  changed: none,
  untracked: none,
  ignored: none,
  stashes: { state: "known", value: [] },
  operation: { state: "known", value: null },
  submodules: { state: "known", value: [] },
  nestedRepositories: { state: "known", value: [] },
  programs: { state: "known", value: [] },
  turns: { state: "known", value: [] },
  token: "t",
  seenAt: "2026-01-01T00:00:00Z",
};
const withCommits: LossView = {
  ...empty,
  branches: {
    state: "known",
    value: [
      {
        branch: "session/ana/k3-limits",
        head: "c41d7a0f",
        commitsOnNoRemote: { count: 30, commits: [{ sha: "c41d7a0fee", subject: "Cap a row" }] },
      },
      {
        branch: null,
        head: "b",
        commitsOnNoRemote: { count: 1, commits: [{ sha: "bbbbbbbbb", subject: "On no branch" }] },
      },
    ],
  },
};

describe("rows of the End dialog", () => {
  it("a clean session says what was looked at, and only that", () => {
    expect(lossRows(empty).map(({ kind, title }) => [kind, title])).toEqual([["none", "Nothing at all"]]);
  });

  it("[1] what could not be looked at is a row of its own and never among the empty ones", () => {
    const rows = lossRows({ ...empty, submodules: { state: "unknown", reason: "git gave no answer in 10 s" } });
    expect(rows.map(({ kind }) => kind)).toEqual(["unknown", "none"]);
    expect(rows[0]?.words).toContain("git gave no answer in 10 s");
    expect(rows[1]?.words).not.toContain("submodules");
    expect(rows[1]?.title).toBe("Nothing else");
  });

  it("counts are whole though names stop at a bound, and a detached HEAD counts", () => {
    const [row] = lossRows(withCommits);
    expect(row).toMatchObject({ title: "31 commits on no remote", more: 29 });
    expect(row?.lines.map(({ mark }) => mark)).toEqual(["k3-limits", "detached"]);
    expect(lossCounts(withCommits)).toEqual({ commits: 31, branches: 2, files: 0, unknown: 0 });
  });

  it("ignored files and stashes are told as staying, programs as stopping, the rest as lost", () => {
    const kinds = lossRows({
      ...empty,
      ignored: {
        state: "known",
        value: { count: 1, bytes: 2_000_000_000, names: [{ path: "big", bytes: 2_000_000_000 }] },
      },
      stashes: { state: "known", value: [{ ref: "stash@{0}", sha: "a", message: "On k3: try", branch: "k3" }] },
      programs: { state: "known", value: [{ pid: 7, command: "npm run dev", terminalId: null, startedAt: null }] },
      operation: { state: "known", value: "rebase" },
    }).map(({ key, kind, title }) => `${key} ${kind} ${title}`);
    expect(kinds).toEqual([
      "ignored stays 2.0 GB ignored",
      "stashes stays 1 stash, stays",
      "operation lost A rebase in progress",
      "programs stops 1 program stops",
      "none none Nothing else",
    ]);
  });

  it("only what an earlier look did not have is new", () => {
    const now: LossView = {
      ...withCommits,
      untracked: { state: "known", value: { count: 1, bytes: 2, names: [{ path: "notes.md", bytes: 2 }] } },
    };
    expect([...newLines(withCommits, now)]).toEqual(["files ? notes.md"]);
    expect(newLines(now, withCommits).size).toBe(0);
  });
});
