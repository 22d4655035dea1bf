import { chmod, mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Session } from "../../domain/session";
import { createEndingWorld, type EndingWorld, exists, git, read, tryGit } from "./testing/ending-world";

let world: EndingWorld;
let session: Session;
let path: string;
beforeEach(async () => {
  world = await createEndingWorld();
  ({ session, path } = await world.addSession("aaaaaaaa"));
});
afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

const prefix = "refs/trellis/rescue/aaaaaaaa";
const saved = (...args: string[]) => git(world.clone, ...args);
const aside = async () => (await world.worktree(session.id))?.setAsidePath ?? "";

async function end(): Promise<Session> {
  await world.ask(session.id, "rescue");
  const ended = await world.settle(session.id);
  expect(ended).toMatchObject({ endRefusal: null, failure: null, endedAt: expect.any(Date) });
  return ended;
}

async function commit(cwd: string, file: string, words = file): Promise<string> {
  await writeFile(join(cwd, file), `${words}\n`);
  await git(cwd, "add", "--", file);
  await git(cwd, "commit", "--quiet", "-m", words);
  return git(cwd, "rev-parse", "HEAD");
}

describe("a rescue", () => {
  it("[I8] saves commits, what is staged, and what was never given to git, and takes the session out of the clone", async () => {
    const head = await commit(path, "README.md", "committed");
    await writeFile(join(path, "README.md"), "staged\n");
    await git(path, "add", "README.md");
    await writeFile(join(path, "README.md"), "changed\n");
    await writeFile(join(path, "ünï code\n-x"), "untracked\n", { mode: 0o755 });
    await symlink("README.md", join(path, "link"));
    await writeFile(join(path, "debug.log"), "ignored\n");
    const ended = await end();

    expect(ended.rescueRefs.map(({ ref }) => ref).sort()).toEqual([
      `${prefix}/branches/session/ada/aaaaaaaa`,
      `${prefix}/head`,
      `${prefix}/index`,
      `${prefix}/worktree`,
    ]);
    expect(await saved("rev-parse", `${prefix}/head`)).toBe(head);
    expect(await saved("show", `${prefix}/index:README.md`)).toBe("staged");
    expect(await saved("show", `${prefix}/worktree:README.md`)).toBe("changed");
    const files = await saved("ls-tree", "-z", `${prefix}/worktree`);
    expect(files).toMatch(/100755 blob \w+\tünï code\n-x\0/);
    expect(files).toMatch(/120000 blob \w+\tlink\0/);
    expect(files).not.toContain("debug.log");
    expect(exists(path)).toBe(false);
    expect(await saved("worktree", "list")).not.toContain("aaaaaaaa");
    expect(await saved("for-each-ref", "refs/heads/")).toBe("");
    expect(world.closed).toEqual([session.id]);
    expect(world.told).toMatchObject([{ kind: "session-ended", body: expect.stringContaining(await aside()) }]);
  });

  it("keeps the directory as a repository that git understands, ignored files in it", async () => {
    const head = await commit(path, "a");
    await writeFile(join(path, "debug.log"), "ignored\n");
    await writeFile(join(path, "README.md"), "changed\n");
    await end();
    expect(await read(await aside(), "debug.log")).toBe("ignored\n");
    expect(await git(await aside(), "rev-parse", "HEAD")).toBe(head);
    expect(await git(await aside(), "status", "--porcelain")).toBe(" M README.md");
  });

  it("saves a detached HEAD", async () => {
    await git(path, "checkout", "--quiet", "--detach");
    const head = await commit(path, "a");
    await end();
    expect(await saved("rev-parse", `${prefix}/head`)).toBe(head);
  });

  it("saves children of the branch and what is checked out under another name, and leaves other sessions alone", async () => {
    await git(path, "switch", "--quiet", "-c", `${session.branch}-child`);
    const child = await commit(path, "a");
    await git(path, "switch", "--quiet", "-c", "odd");
    const odd = await commit(path, "b");
    const other = await world.addSession("bbbbbbbb");
    const theirs = await commit(other.path, "c");
    await end();
    expect(await saved("rev-parse", `${prefix}/branches/${session.branch}-child`)).toBe(child);
    expect(await saved("rev-parse", `${prefix}/branches/odd`)).toBe(odd);
    expect(await saved("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/")).toBe(
      `refs/heads/${other.session.branch} ${theirs}`,
    );
    expect(await git(other.path, "status", "--porcelain")).toBe("");
  });

  it("saves a rebase that stopped at a conflict: both sides, the files as they are, and its autostash", async () => {
    await commit(path, "README.md", "mine");
    const tip = await commit(path, "b");
    await git(path, "switch", "--quiet", "-c", `${session.branch}-onto`, "origin/main");
    await commit(path, "README.md", "theirs");
    await git(path, "switch", "--quiet", session.branch);
    await writeFile(join(path, "b"), "stashed by rebase\n");
    await tryGit(path, "rebase", "--autostash", `${session.branch}-onto`);
    await writeFile(join(path, "new"), "while it waits\n");
    const ended = await end();
    expect(await saved("rev-parse", `${prefix}/branches/${session.branch}`)).toBe(tip);
    expect(await saved("show", `${prefix}/worktree:README.md`)).toContain("<<<<<<<");
    expect(await saved("show", `${prefix}/worktree:new`)).toBe("while it waits");
    expect(await saved("show", `${prefix}/index:README.md`)).toBe("theirs");
    expect(await saved("show", `${prefix}/operation/rebase-merge/autostash:b`)).toBe("stashed by rebase");
    expect(ended.endingSteps.find(({ step }) => step === "save")?.detail).toContain("in conflict");
    expect(exists(await aside(), ".git", "rebase-merge")).toBe(true);
  });

  it("saves its stashes by refs of its own, and leaves refs/stash as it is", async () => {
    await writeFile(join(path, "README.md"), "stashed\n");
    await git(path, "stash", "push", "--quiet");
    const stash = await saved("rev-parse", "refs/stash");
    await end();
    expect(await saved("rev-parse", `${prefix}/stashes/0`)).toBe(stash);
    expect(await saved("rev-parse", "refs/stash")).toBe(stash);
  });

  it("leaves out nested repositories, also one without a commit, and keeps them set aside with submodules that still work", async () => {
    await git(path, "submodule", "--quiet", "add", world.remote, "sub");
    await git(path, "commit", "--quiet", "-m", "a submodule");
    const own = await commit(join(path, "sub"), "a");
    await git(path, "init", "--quiet", "nested one");
    await writeFile(join(path, "nested one", "a"), "a");
    await git(path, "init", "--quiet", "nested two");
    const two = await commit(join(path, "nested two"), "b");
    const ended = await end();
    expect(await saved("ls-tree", "-r", "--name-only", `${prefix}/worktree`)).toBe(
      ".gitignore\n.gitmodules\nREADME.md\nsub",
    );
    expect(await saved("rev-parse", `${prefix}/worktree:sub`)).toBe(own);
    expect(await read(await aside(), "nested one", "a")).toBe("a");
    expect(await git(join(await aside(), "nested two"), "rev-parse", "HEAD")).toBe(two);
    expect(await git(join(await aside(), "sub"), "log", "-1", "--format=%H")).toBe(own);
    expect(ended.endingSteps.find(({ step }) => step === "save")?.detail).toContain("nested one, nested two, sub");
  });

  it("saves files whose filter fails, or whose line ends git would refuse, byte for byte", async () => {
    await writeFile(join(path, ".gitattributes"), "*.big filter=lfs\n*.txt text\n");
    await git(path, "add", "--all");
    await git(path, "commit", "--quiet", "-m", "attributes");
    for (const key of ["clean", "smudge", "process"]) await git(path, "config", `filter.lfs.${key}`, "no-such-program");
    await git(path, "config", "filter.lfs.required", "true");
    await git(path, "config", "core.safecrlf", "true");
    await git(path, "config", "core.autocrlf", "input");
    await writeFile(join(path, "a.big"), "large\r\nand binary");
    await writeFile(join(path, "b.txt"), "one\r\ntwo\n");
    await end();
    expect(await saved("cat-file", "blob", `${prefix}/worktree:a.big`)).toBe("large\r\nand binary");
    expect(await saved("ls-tree", "--name-only", `${prefix}/worktree`)).toContain("b.txt");
  });

  it("saves what git was told not to look at, and takes a sparse checkout for what it is", async () => {
    await commit(path, "assumed");
    await commit(path, "skipped");
    await commit(path, "absent");
    await git(path, "update-index", "--assume-unchanged", "assumed");
    await git(path, "update-index", "--skip-worktree", "skipped", "absent");
    await writeFile(join(path, "assumed"), "changed\n");
    await writeFile(join(path, "skipped"), "changed\n");
    await rm(join(path, "absent"));
    await end();
    expect(await saved("show", `${prefix}/worktree:assumed`)).toBe("changed");
    expect(await saved("show", `${prefix}/worktree:skipped`)).toBe("changed");
    expect(await saved("show", `${prefix}/worktree:absent`)).toBe("absent");
  });

  it("saves files that are only intended to be added, and forgets none that was removed", async () => {
    await writeFile(join(path, "intended"), "intended\n");
    await git(path, "add", "--intent-to-add", "intended");
    await git(path, "rm", "--quiet", "README.md");
    await end();
    expect(await saved("ls-tree", "--name-only", `${prefix}/worktree`)).toBe(".gitignore\nintended");
    expect(await saved("ls-tree", "--name-only", `${prefix}/index`)).toBe(".gitignore");
  });

  it("saves branches and what was staged when the directory is gone, and says so", async () => {
    const head = await commit(path, "a");
    await writeFile(join(path, "staged"), "staged\n");
    await git(path, "add", "staged");
    await rm(path, { recursive: true });
    const ended = await end();
    expect(await saved("rev-parse", `${prefix}/head`)).toBe(head);
    expect(await saved("show", `${prefix}/index:staged`)).toBe("staged");
    expect(ended.rescueRefs.map(({ ref }) => ref)).not.toContain(`${prefix}/worktree`);
    expect(ended.endingSteps.find(({ step }) => step === "save")?.detail).toContain("directory was gone");
    expect(await saved("worktree", "list")).not.toContain("aaaaaaaa");
  });

  it("takes no repository around the data directory for its own when the .git file is gone", async () => {
    await git(world.root, "init", "--quiet");
    await commit(path, "a");
    await writeFile(join(path, "new"), "new\n");
    await rm(join(path, ".git"));
    await end();
    expect(await saved("show", `${prefix}/worktree:new`)).toBe("new");
  });

  it("stops programs first", async () => {
    world.host.start(session.id, ["sleep", "60"]);
    await end();
    expect(await world.host.programs(session.id)).toEqual([]);
  });

  it("is given up, with nothing moved, when a program cannot be stopped", async () => {
    world.host.addProgram(session.id, { pid: 7, command: "zombie", terminalId: null, startedAt: null, stubborn: true });
    await world.ask(session.id, "rescue");
    const after = await world.settle(session.id);
    expect(after).toMatchObject({ wanted: "active", ending: null, endingSteps: [] });
    expect(after.endRefusal?.reason).toContain("zombie (7)");
    expect(exists(path)).toBe(true);
  });

  it("waits for a host that is away, and fails nothing", async () => {
    await world.ask(session.id, "rescue");
    world.host.setState({ kind: "unreachable", since: new Date(), reason: "cable" });
    expect(await world.settle(session.id)).toMatchObject({
      wanted: "ended",
      endedAt: null,
      failure: null,
      endRefusal: null,
    });
    world.host.setState({ kind: "reachable", seenAt: new Date() });
    expect((await world.settle(session.id)).endedAt).not.toBeNull();
  });

  it("ends a session that never had a worktree, or only half of one", async () => {
    await rename(world.clone, `${world.clone}.away`);
    world.tables.worktrees.clear();
    await world.ask(session.id, "rescue");
    expect((await world.settle(session.id)).endedAt).not.toBeNull();
    await rename(`${world.clone}.away`, world.clone);
    const half = await world.addSession("bbbbbbbb");
    await world.deps.worktrees.update(half.worktree.id, { madeAt: null });
    await rm(join(half.path, "README.md"));
    await world.ask(half.session.id, "rescue");
    expect(await world.settle(half.session.id)).toMatchObject({ endedAt: expect.any(Date), rescueRefs: [] });
    expect(exists(half.path)).toBe(false);
  });

  it("fails, to be tried again, when something stands in the directory's place", async () => {
    await mkdir(join(world.host.paths().ended, "aaaaaaaa"));
    await world.ask(session.id, "rescue");
    const failed = await world.settle(session.id);
    expect(failed).toMatchObject({ endedAt: null, failure: { step: "set-aside" } });
    expect(exists(path, "README.md")).toBe(true);
    await rm(join(world.host.paths().ended, "aaaaaaaa"), { recursive: true });
    await world.deps.sessions.update(session.id, { failure: null });
    expect((await world.settle(session.id)).endedAt).not.toBeNull();
  });

  it("can be of a directory whose files may not be written", async () => {
    await mkdir(join(path, "cache"));
    await writeFile(join(path, "cache", "a"), "a");
    await chmod(join(path, "cache"), 0o555);
    await end();
    expect(await saved("show", `${prefix}/worktree:cache/a`)).toBe("a");
  });
});
