import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Keep, Session } from "../../domain/session";
import { createEndingWorld, type EndingWorld, exists, git, tryGit } from "./testing/ending-world";

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

async function end(keep: Keep): Promise<Session> {
  await world.ask(session.id, keep);
  return world.settle(session.id);
}

async function commit(file: string, words = file): Promise<string> {
  await writeFile(join(path, file), `${words}\n`);
  await git(path, "add", "--", file);
  await git(path, "commit", "--quiet", "-m", words);
  return git(path, "rev-parse", "HEAD");
}

async function refuseUpdates(words: string): Promise<void> {
  const hook = join(world.remote, "hooks", "pre-receive");
  await mkdir(join(world.remote, "hooks"), { recursive: true });
  await writeFile(hook, `#!/bin/sh\necho '${words}' >&2\nexit 1\n`);
  await chmod(hook, 0o755);
}

describe("push", () => {
  it("pushes every branch with commits on no remote, and rescues what it does not push", async () => {
    const tip = await commit("a");
    await git(path, "switch", "--quiet", "-c", `${session.branch}-child`);
    const child = await commit("b");
    await writeFile(join(path, "README.md"), "not committed\n");
    const ended = await end("push");
    expect(ended.endedAt).not.toBeNull();
    expect(ended.pushedBranches).toEqual([session.branch, `${session.branch}-child`]);
    expect(await git(world.remote, "rev-parse", session.branch, `${session.branch}-child`)).toBe(`${tip}\n${child}`);
    expect(ended.rescueRefs.map(({ ref }) => ref).sort()).toEqual([
      `${prefix}/head`,
      `${prefix}/index`,
      `${prefix}/worktree`,
    ]);
    expect(await git(world.clone, "show", `${prefix}/worktree:README.md`)).toBe("not committed");
    expect(await git(world.clone, "for-each-ref", "refs/heads/")).toBe("");
  });

  it("rescues a detached HEAD, which has no name to be pushed under", async () => {
    await git(path, "checkout", "--quiet", "--detach");
    const sha = await commit("a");
    await end("push");
    expect(await git(world.clone, "rev-parse", `${prefix}/head`)).toBe(sha);
  });

  it("leaves no rescue behind when all is on the remote", async () => {
    await commit("a");
    expect(await end("push")).toMatchObject({
      endedAt: expect.any(Date),
      rescueRefs: [],
      pushedBranches: [session.branch],
    });
  });

  it("[I8] that is refused leaves the session active with git's reason, and everything in its place", async () => {
    const tip = await commit("a");
    await writeFile(join(path, "new"), "new\n");
    await refuseUpdates("no work on Sundays");
    const after = await end("push");
    expect(after).toMatchObject({ wanted: "active", ending: null, endedAt: null, failure: null });
    expect(after.endRefusal?.reason).toContain("no work on Sundays");
    expect(world.told).toMatchObject([{ kind: "push-refused", body: expect.stringContaining("no work on Sundays") }]);
    expect(await git(path, "rev-parse", session.branch)).toBe(tip);
    expect(await git(path, "status", "--porcelain")).toBe("?? new");
    expect((await end("rescue")).endedAt).not.toBeNull();
  });

  it("never overwrites what someone else pushed to the branch", async () => {
    await commit("a");
    await git(path, "push", "--quiet", "origin", "HEAD");
    const theirs = await git(
      world.clone,
      "commit-tree",
      "-m",
      "theirs",
      "-p",
      session.branch,
      `${session.branch}^{tree}`,
    );
    await git(world.clone, "push", "--quiet", world.remote, `${theirs}:refs/heads/${session.branch}`);
    await commit("b");
    expect((await end("push")).endRefusal?.reason).toContain("rejected");
    expect(await git(world.remote, "rev-parse", session.branch)).toBe(theirs);
  });
});

describe("commit and push", () => {
  it("commits changed and untracked files, not ignored ones, as the person, then pushes", async () => {
    await writeFile(join(path, "README.md"), "changed\n");
    await writeFile(join(path, "new"), "new\n");
    await writeFile(join(path, "x.log"), "ignored\n");
    await git(path, "init", "--quiet", "nested");
    const ended = await end("commit-and-push");
    expect(ended).toMatchObject({ endedAt: expect.any(Date), pushedBranches: [session.branch], rescueRefs: [] });
    expect(await git(world.remote, "ls-tree", "--name-only", session.branch)).toBe(".gitignore\nREADME.md\nnew");
    expect(await git(world.remote, "log", "-1", "--format=%an <%ae>", session.branch)).toBe("Ada <ada@trellis.test>");
  });

  it("with nothing to commit only pushes", async () => {
    const tip = await commit("a");
    expect(await end("commit-and-push")).toMatchObject({ endedAt: expect.any(Date) });
    expect(await git(world.remote, "rev-parse", session.branch)).toBe(tip);
  });

  it("is refused with the words of a hook that fails, and commits nothing", async () => {
    const hook = join(world.clone, ".git", "hooks", "pre-commit");
    await mkdir(join(world.clone, ".git", "hooks"), { recursive: true });
    await writeFile(hook, "#!/bin/sh\necho 'lint is red' >&2\nexit 1\n");
    await chmod(hook, 0o755);
    await writeFile(join(path, "new"), "new\n");
    const after = await end("commit-and-push");
    expect(after).toMatchObject({ wanted: "active", ending: null });
    expect(after.endRefusal?.reason).toContain("lint is red");
    expect(await git(path, "rev-parse", "HEAD")).toBe(session.baseSha);
  });

  it.each(["on a detached HEAD", "in the middle of a merge"])("is refused %s, and says what to do", async (where) => {
    if (where === "on a detached HEAD") await git(path, "checkout", "--quiet", "--detach");
    else {
      const first = await commit("README.md", "one");
      await git(path, "reset", "--quiet", "--hard", "origin/main");
      await commit("README.md", "two");
      await tryGit(path, "merge", first);
    }
    await writeFile(join(path, "new"), "new\n");
    const after = await end("commit-and-push");
    expect(after.wanted).toBe("active");
    expect(after.endRefusal?.reason).toMatch(/then end again/);
    expect(exists(path, "new")).toBe(true);
  });
});

describe("nothing", () => {
  it("discards branches and keeps no ref, and still sets the directory aside", async () => {
    const tip = await commit("a");
    await writeFile(join(path, "new"), "new\n");
    const ended = await end("nothing");
    expect(ended).toMatchObject({ endedAt: expect.any(Date), rescueRefs: [], pushedBranches: [] });
    expect(await git(world.clone, "for-each-ref", "refs/heads/", "refs/trellis/")).toBe("");
    const aside = (await world.worktree(session.id))?.setAsidePath ?? "";
    expect(exists(aside, "new")).toBe(true);
    expect(ended.endingSteps.find(({ step }) => step === "forget")?.detail).toContain(tip.slice(0, 10));
  });

  it("is given up when more would be lost than was seen, once programs have stopped", async () => {
    await world.ask(session.id, "nothing");
    await writeFile(join(path, "written at the last moment"), "new\n");
    const after = await world.settle(session.id);
    expect(after).toMatchObject({ wanted: "active", ending: null, endedAt: null });
    expect(after.endRefusal?.reason).toContain("written at the last moment");
    expect(exists(path, "written at the last moment")).toBe(true);
    expect((await end("nothing")).endedAt).not.toBeNull();
  });
});
