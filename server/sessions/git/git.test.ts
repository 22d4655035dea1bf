import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeHost, type FakeHost } from "../../fakes/fake-host";
import type { Host, RunResult } from "../host";
import { GitError, gitOn } from "./git";

const answer = (code: number, stderr = ""): RunResult => ({
  code,
  signal: null,
  stdout: new Uint8Array(0),
  stderr: new TextEncoder().encode(stderr),
});

/** A host on which git answers what is given, one after another, and keeps to the last. */
function answering(...answers: RunResult[]): { host: Host; asked: () => number } {
  let asked = 0;
  const run = async () => answers[Math.min(asked++, answers.length - 1)] ?? answer(1);
  return { host: { run } as Partial<Host> as Host, asked: () => asked };
}

describe("git commands that are given together", () => {
  let root: string;
  let host: FakeHost;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "trellis git "));
    host = await createFakeHost(root, { GIT_CONFIG_NOSYSTEM: "1" });
  });
  afterEach(async () => {
    host.close();
    await rm(root, { recursive: true });
  });

  it("take every word as it is, whatever a shell would make of it", async () => {
    const words = ["a b", "$(touch made)", "'\"`;&", "", "*", "ü\nü", "$1", "!x"];
    const set = words.map((word) => ["config", "--add", "some.word", word]);
    const read = ["config", "-z", "--get-all", "some.word"];
    const { stdout } = await gitOn(host).mustAll([["init", "--quiet"], ...set, read], { cwd: root });
    expect(stdout.split("\0").slice(0, -1)).toEqual(words);
    expect(await readdir(root)).not.toContain("made");
  });

  it("end with the first that fails, in its own words", async () => {
    const commands = [
      ["init", "--quiet"],
      ["config", "--get", "no"],
      ["init", "--quiet", "other"],
    ];
    await expect(gitOn(host).mustAll(commands, { cwd: root })).rejects.toThrow(/^git init and config failed: .*no/);
    expect(await readdir(root)).not.toContain("other");
  });
});

describe("git on a host", () => {
  it("is asked again when it died on a worktree that another git was just making", async () => {
    const died = answer(128, "fatal: failed to read .git/worktrees/a b/commondir: Success\n");
    const { host, asked } = answering(died, died, answer(0));
    expect((await gitOn(host).must(["worktree", "list"], { cwd: "/" })).code).toBe(0);
    expect(asked()).toBe(3);
  });

  it("is not asked for ever, nor again for any other reason", async () => {
    const broken = answering(answer(128, "fatal: failed to read .git/worktrees/a/commondir: Input/output error\n"));
    await expect(gitOn(broken.host).must(["worktree", "list"], { cwd: "/" })).rejects.toThrow(GitError);
    expect(broken.asked()).toBe(5);
    const other = answering(answer(128, "fatal: not a git repository\n"));
    await expect(gitOn(other.host).must(["status"], { cwd: "/" })).rejects.toThrow("not a git repository");
    expect(other.asked()).toBe(1);
  });
});
