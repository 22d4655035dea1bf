import { mkdir, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Look, Loss } from "../../domain/loss";
import type { Session, Worktree } from "../../domain/session";
import { createEndingWorld, type EndingWorld, git, tryGit } from "../ending/testing/ending-world";
import type { Host } from "../host";
import { lookAtLoss } from "./look-at-loss";

let world: EndingWorld;
let session: Session;
let worktree: Worktree;
let path: string;
beforeEach(async () => {
  world = await createEndingWorld();
  ({ session, worktree, path } = await world.addSession("aaaaaaaa"));
});
afterEach(async () => {
  await world.close();
});

const look = async (): Promise<Loss> => (await lookAtLoss(world.deps, { session, worktree })).loss;

function known<T>(part: Look<T>): T {
  if (part.state === "unknown") throw new Error(`unknown: ${part.reason}`);
  return part.value;
}

async function commit(cwd: string, file: string, subject = file): Promise<string> {
  await writeFile(join(cwd, file), `${subject}\n`);
  await git(cwd, "add", "--", file);
  await git(cwd, "commit", "--quiet", "-m", subject);
  return git(cwd, "rev-parse", "HEAD");
}

describe("what ending would lose", () => {
  it("is nothing for a session in which nothing was done, and the look is stored under its token", async () => {
    const seen = await lookAtLoss(world.deps, { session, worktree });
    const head = await git(path, "rev-parse", "HEAD");
    expect(seen.loss).toEqual({
      branches: known_([{ branch: session.branch, head, commitsOnNoRemote: { count: 0, commits: [] } }]),
      changed: known_({ count: 0, bytes: 0, names: [] }),
      untracked: known_({ count: 0, bytes: 0, names: [] }),
      ignored: known_({ count: 0, bytes: 0, names: [] }),
      stashes: known_([]),
      operation: known_(null),
      submodules: known_([]),
      nestedRepositories: known_([]),
      programs: known_([]),
      turns: known_([]),
    });
    expect(await world.deps.losses.get(session.id, seen.token)).toEqual(seen);
    expect(await world.deps.losses.get("session-other", seen.token)).toBeNull();
  });

  it("lists the commits of the session's branch, its children and a branch made here, not another session's", async () => {
    const mine = await commit(path, "a");
    await git(path, "switch", "--quiet", "-c", `${session.branch}-child`);
    const child = await commit(path, "-b", "subject with ünï");
    await git(path, "switch", "--quiet", "-c", "elsewhere-named", "origin/main");
    await commit(path, "c");
    const other = await world.addSession("bbbbbbbb");
    await commit(other.path, "d");
    const branches = known((await look()).branches);
    expect(branches.map(({ branch, commitsOnNoRemote }) => [branch, commitsOnNoRemote.count])).toEqual([
      ["elsewhere-named", 1],
      [session.branch, 1],
      [`${session.branch}-child`, 2],
    ]);
    expect(branches[2]?.commitsOnNoRemote.commits).toEqual([
      { sha: child, subject: "subject with ünï" },
      { sha: mine, subject: "a" },
    ]);
  });

  it("counts no commit that a remote has", async () => {
    await commit(path, "a");
    await git(path, "push", "--quiet", "origin", "HEAD");
    await commit(path, "b");
    expect(known((await look()).branches)[0]?.commitsOnNoRemote.count).toBe(1);
  });

  it("lists the commits of a detached HEAD", async () => {
    await git(path, "checkout", "--quiet", "--detach");
    const sha = await commit(path, "a");
    expect(known((await look()).branches)[0]).toMatchObject({
      branch: null,
      head: sha,
      commitsOnNoRemote: { count: 1, commits: [{ sha, subject: "a" }] },
    });
  });

  it("lists changed, untracked and ignored files with any name, the biggest first", async () => {
    await writeFile(join(path, "README.md"), "changed\n");
    await writeFile(join(path, "line\nbreak ünï"), "12345");
    await writeFile(join(path, "-rf"), "1");
    await mkdir(join(path, "build", "deep"), { recursive: true });
    await writeFile(join(path, "build", "deep", "x"), "123");
    await writeFile(join(path, "build", "y"), "1234");
    await writeFile(join(path, "huge.log"), "");
    await truncate(join(path, "huge.log"), 2 * 1024 ** 3);
    const loss = await look();
    expect(known(loss.changed)).toEqual({ count: 1, bytes: 8, names: [{ path: "README.md", bytes: 8 }] });
    expect(known(loss.untracked)).toEqual({
      count: 2,
      bytes: 6,
      names: [
        { path: "line\nbreak ünï", bytes: 5 },
        { path: "-rf", bytes: 1 },
      ],
    });
    expect(known(loss.ignored)).toEqual({
      count: 2,
      bytes: 2 * 1024 ** 3 + 7,
      names: [
        { path: "huge.log", bytes: 2 * 1024 ** 3 },
        { path: "build/", bytes: 7 },
      ],
    });
  });

  it("lists a changed file whose filter cannot run", async () => {
    await writeFile(join(path, ".gitattributes"), "*.big filter=lfs\n");
    await commit(path, "a.big");
    await git(path, "config", "filter.lfs.clean", "no-such-program");
    await git(path, "config", "filter.lfs.required", "true");
    await writeFile(join(path, "a.big"), "A.BIG\n");
    expect(known((await look()).changed).names).toEqual([{ path: "a.big", bytes: 6 }]);
  });

  it("names at most 200 files and counts all of them", async () => {
    await mkdir(join(path, "many"));
    for (let index = 0; index < 450; index += 1) await writeFile(join(path, "many", `${index}`), "1");
    const { count, bytes, names } = known((await look()).untracked);
    expect([count, bytes, names.length]).toEqual([450, 450, 200]);
  });

  it("lists its own stashes and those that may be anyone's", async () => {
    const other = await world.addSession("bbbbbbbb");
    for (const [cwd, words] of [
      [other.path, "theirs"],
      [path, "mine: x"],
    ] as const) {
      await writeFile(join(cwd, "README.md"), words);
      await git(cwd, "stash", "push", "--quiet", "-m", words);
    }
    await git(path, "checkout", "--quiet", "--detach");
    await writeFile(join(path, "README.md"), "detached");
    await git(path, "stash", "push", "--quiet", "-m", "nobody's");
    expect(known((await look()).stashes).map(({ ref, branch, message }) => [ref, branch, message])).toEqual([
      ["stash@{0}", null, "On (no branch): nobody's"],
      ["stash@{1}", session.branch, `On ${session.branch}: mine: x`],
    ]);
  });

  it.each(["rebase", "merge", "cherry-pick", "revert", "bisect"])("names a %s in progress", async (operation) => {
    const first = await commit(path, "README.md", "one");
    await git(path, "switch", "--quiet", "-c", "side", "origin/main");
    await commit(path, "README.md", "two");
    if (operation === "bisect") await git(path, "bisect", "start");
    else await tryGit(path, operation, first);
    expect(known((await look()).operation)).toBe(operation);
  });

  it("names submodules and nested repositories with work of their own, and only those", async () => {
    await git(path, "submodule", "--quiet", "add", world.remote, "sub");
    await git(path, "commit", "--quiet", "-m", "a submodule");
    await git(path, "clone", "--quiet", world.remote, "pushed nested");
    await git(path, "clone", "--quiet", world.remote, join("build", "nested\nhere"));
    await git(path, "init", "--quiet", "no-remote");
    await commit(join(path, "no-remote"), "a");
    const before = await look();
    expect(known(before.submodules)).toEqual([]);
    expect(known(before.nestedRepositories)).toEqual([{ path: "no-remote", reason: "1 commit on no remote" }]);
    await commit(join(path, "sub"), "a");
    await writeFile(join(path, "sub", "b"), "b");
    await writeFile(join(path, "build", "nested\nhere", "b"), "b");
    const loss = await look();
    expect(known(loss.submodules)).toEqual([{ path: "sub", reason: "1 uncommitted file, 1 commit on no remote" }]);
    expect(known(loss.nestedRepositories)).toEqual([
      { path: "build/nested\nhere", reason: "1 uncommitted file" },
      { path: "no-remote", reason: "1 commit on no remote" },
    ]);
    expect(known(loss.untracked).names).toEqual([]);
  });

  it("lists running programs and turns", async () => {
    const running = world.host.start(session.id, ["sleep", "60"]);
    const deps = { ...world.deps, runningTurns: async () => [{ chatId: "c", title: "t" }] };
    const { loss } = await lookAtLoss(deps, { session, worktree });
    expect(known(loss.programs)).toMatchObject([{ pid: running.pid, command: "sleep 60" }]);
    expect(known(loss.turns)).toEqual([{ chatId: "c", title: "t" }]);
  });
});

describe("a look that cannot see", () => {
  it("[I1] has files unknown when the directory is gone, and still looks at branches through the clone", async () => {
    await commit(path, "a");
    await rm(path, { recursive: true });
    const loss = await look();
    for (const part of ["changed", "untracked", "ignored", "submodules", "nestedRepositories"] as const) {
      expect(loss[part]).toEqual({ state: "unknown", reason: "the session's directory is gone" });
    }
    expect(known(loss.branches)[0]?.commitsOnNoRemote.count).toBe(1);
    expect(known(loss.operation)).toBeNull();
  });

  it("[I1] has every part unknown when the host is away", async () => {
    world.host.setState({ kind: "unreachable", since: new Date(), reason: "cable" });
    const { turns, ...rest } = await look();
    for (const part of Object.values(rest))
      expect(part).toEqual({ state: "unknown", reason: "The host is away: cable" });
    expect(turns).toEqual({ state: "known", value: [] });
  });

  it("[I1] lets one part that fails spoil no other", async () => {
    const host: Host = {
      ...world.host,
      run: (argv, options) =>
        argv.includes("status") ? Promise.reject(new Error("broken")) : world.host.run(argv, options),
    };
    const { loss } = await lookAtLoss(world.depsOn(host), { session, worktree });
    expect(loss.changed).toEqual({ state: "unknown", reason: "broken" });
    expect(known(loss.branches)).toHaveLength(1);
    expect(known(loss.operation)).toBeNull();
  });

  it("knows that a session whose worktree was never made has no files", async () => {
    await rm(path, { recursive: true });
    const { loss } = await lookAtLoss(world.deps, { session, worktree: { ...worktree, madeAt: null } });
    expect(known(loss.changed).count).toBe(0);
    await rename(world.clone, `${world.clone}.gone`);
    const without = await lookAtLoss(world.deps, { session, worktree: null });
    expect(known(without.loss.branches)).toEqual([]);
  });

  it("[I1] has branches unknown, not none, when the clone is gone", async () => {
    await rename(world.clone, `${world.clone}.gone`);
    expect((await look()).branches).toEqual({ state: "unknown", reason: "the repository's clone is gone" });
  });

  it("never takes a repository around the data directory for the session's, when the .git file is gone", async () => {
    await git(world.root, "init", "--quiet");
    await commit(path, "a");
    await rm(join(path, ".git"));
    const loss = await look();
    expect(known(loss.branches)[0]?.commitsOnNoRemote.count).toBe(1);
    expect(known(loss.changed).count).toBe(0);
  });
});

const known_ = <T>(value: T) => ({ state: "known", value });
