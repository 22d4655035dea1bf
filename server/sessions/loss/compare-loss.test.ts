import { describe, expect, it } from "vitest";
import type { Loss } from "../../domain/loss";
import { moreLost } from "./compare-loss";

const known = <T>(value: T) => ({ state: "known" as const, value });
const unknown = { state: "unknown" as const, reason: "no answer in 20 s" };
const files = (...paths: [string, number][]) =>
  known({
    count: paths.length,
    bytes: paths.reduce((sum, [, bytes]) => sum + bytes, 0),
    names: paths.map(([path, bytes]) => ({ path, bytes })),
  });
const commits = (branch: string | null, ...shas: string[]) => ({
  branch,
  head: shas[0] ?? "base",
  commitsOnNoRemote: { count: shas.length, commits: shas.map((sha) => ({ sha, subject: sha })) },
});
const program = (pid: number, command: string, terminalId: string | null = "t1") => ({
  pid,
  command,
  terminalId,
  startedAt: null,
});

const nothing: Loss = {
  branches: known([]),
  changed: files(),
  untracked: files(),
  ignored: files(),
  stashes: known([]),
  operation: known(null),
  submodules: known([]),
  nestedRepositories: known([]),
  programs: known([]),
  turns: known([]),
};

/** One thing more in each part. */
const more: [string, Partial<Loss>, { saved: boolean }][] = [
  ["a commit", { branches: known([commits("b", "c1")]) }, { saved: true }],
  ["a commit on a detached HEAD", { branches: known([commits(null, "c1")]) }, { saved: true }],
  ["a changed file", { changed: files(["a", 1]) }, { saved: true }],
  ["an untracked file", { untracked: files(["a", 1]) }, { saved: true }],
  ["a stash", { stashes: known([{ ref: "stash@{0}", sha: "s", message: "m", branch: null }]) }, { saved: true }],
  ["an ignored file", { ignored: files(["a", 1]) }, { saved: false }],
  ["an operation", { operation: known("rebase") }, { saved: false }],
  ["work in a submodule", { submodules: known([{ path: "s", reason: "1 commit" }]) }, { saved: false }],
  ["work in a nested repository", { nestedRepositories: known([{ path: "n", reason: "1 commit" }]) }, { saved: false }],
  ["a program", { programs: known([program(1, "vim")]) }, { saved: false }],
  ["a turn", { turns: known([{ chatId: "c", title: "t" }]) }, { saved: false }],
];

describe("moreLost", () => {
  it.each(more)("%s more is asked about where it would be lost, and only there", (_, change, { saved }) => {
    const now = { ...nothing, ...change };
    expect(moreLost("nothing", nothing, now)).toHaveLength(1);
    expect(moreLost("push", nothing, now)).toHaveLength(saved ? 0 : 1);
    expect(moreLost("commit-and-push", nothing, now)).toHaveLength(saved ? 0 : 1);
    expect(moreLost("rescue", nothing, now)).toEqual([]);
  });

  it.each(more)("%s less, or the same, is never asked about", (_, change) => {
    const seen = { ...nothing, ...change };
    expect(moreLost("nothing", seen, nothing)).toEqual([]);
    expect(moreLost("nothing", seen, seen)).toEqual([]);
  });

  it.each(Object.keys(nothing) as (keyof Loss)[])("[I1] %s unknown now and known before is more", (part) => {
    expect(moreLost("nothing", nothing, { ...nothing, [part]: unknown })).toHaveLength(1);
    expect(moreLost("nothing", { ...nothing, [part]: unknown }, { ...nothing, [part]: unknown })).toEqual([]);
  });

  it.each(more)("[I1] %s that was unknown before is more, and nothing where it was unknown is not", (_, change) => {
    const part = Object.keys(change)[0] ?? "";
    const seen = { ...nothing, [part]: unknown };
    expect(moreLost("nothing", seen, { ...nothing, ...change })).toHaveLength(1);
    expect(moreLost("nothing", seen, nothing)).toEqual([]);
  });

  it("asks about a commit that was amended, not about one that was taken back", () => {
    const seen = { ...nothing, branches: known([commits("b", "c2", "c1")]) };
    expect(moreLost("nothing", seen, { ...nothing, branches: known([commits("b", "c3", "c1")]) })).toHaveLength(1);
    expect(moreLost("nothing", seen, { ...nothing, branches: known([commits("b", "c1")]) })).toEqual([]);
  });

  it("asks about a file whose size changed, and about ignored bytes only when they grew a lot", () => {
    expect(
      moreLost("nothing", { ...nothing, changed: files(["a", 1]) }, { ...nothing, changed: files(["a", 2]) }),
    ).toHaveLength(1);
    const seen = { ...nothing, ignored: files(["build/", 1_000]) };
    expect(moreLost("push", seen, { ...nothing, ignored: files(["build/", 5_000]) })).toEqual([]);
    expect(moreLost("push", seen, { ...nothing, ignored: files(["build/", 2 ** 31]) })).toHaveLength(1);
  });

  it("takes what a seen program starts as part of it, and what runs after it ended as new", () => {
    const seen = { ...nothing, programs: known([program(1, "npm run dev")]) };
    const started = [program(1, "npm run dev"), program(2, "esbuild")];
    expect(moreLost("push", seen, { ...nothing, programs: known(started) })).toEqual([]);
    expect(moreLost("push", seen, { ...nothing, programs: known([program(3, "vim")]) })).toHaveLength(1);
  });

  it("counts beyond the bound of names", () => {
    const many = (count: number) => known({ count, bytes: null, names: [{ path: "a", bytes: null }] });
    expect(
      moreLost("nothing", { ...nothing, untracked: many(500) }, { ...nothing, untracked: many(501) }),
    ).toHaveLength(1);
  });
});
