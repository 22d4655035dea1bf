import { chmod, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Session, Worktree } from "../../domain/session";
import { beingMade } from "../steps/worktree-plan";
import { restoreRescue } from "./restore-rescue";
import { createEndingWorld, type EndingWorld, exists, git, read, tryGit } from "./testing/ending-world";
import { mortalDeps } from "./testing/mortal-deps";

let world: EndingWorld;
let from: Session;
let path: string;
beforeEach(async () => {
  world = await createEndingWorld();
  ({ session: from, path } = await world.addSession("aaaaaaaa"));
});
afterEach(async () => {
  await world.close();
});

type Made = { session: Session; worktree: Worktree; path: string };

async function end(): Promise<void> {
  await world.ask(from.id, "rescue");
  from = await world.settle(from.id);
  expect(from.endedAt).not.toBeNull();
}

const restore = ({ session, worktree, path: cwd }: Made, deps = world.deps) =>
  restoreRescue(deps, { session, worktree, from, cwd });

/** As the reconciler holds a worktree that is still being made. */
async function addHeld(shortId: string): Promise<Made> {
  const made = await world.addSession(shortId);
  await git(world.clone, "worktree", "lock", "--reason", beingMade, made.path);
  return made;
}

/** Changes of every kind; gives what git says of them. */
async function makeChanges(): Promise<string> {
  await writeFile(join(path, "README.md"), "committed\n");
  await writeFile(join(path, "removed"), "removed\n");
  await git(path, "add", "--all");
  await git(path, "commit", "--quiet", "-m", "mine");
  await writeFile(join(path, "README.md"), "staged\n");
  await writeFile(join(path, "added"), "added\n");
  await git(path, "add", "--all");
  await writeFile(join(path, "README.md"), "changed\n");
  await git(path, "rm", "--quiet", "removed");
  await writeFile(join(path, "line\nbreak ünï"), "untracked\n");
  await chmod(join(path, "added"), 0o755);
  await symlink("README.md", join(path, "link"));
  await mkdir(join(path, "empty", "deeper"), { recursive: true });
  return git(path, "status", "--porcelain=v2", "-z");
}

describe("a restore", () => {
  it("[I8] brings back commits, what was staged, changed and untracked, as they were", async () => {
    const before = await makeChanges();
    const head = await git(path, "rev-parse", "HEAD");
    await end();
    const made = await addHeld("bbbbbbbb");
    const { detail } = await restore(made);
    expect(await git(made.path, "status", "--porcelain=v2", "-z")).toBe(before);
    expect(await git(made.path, "rev-parse", made.session.branch)).toBe(head);
    expect(await git(made.path, "symbolic-ref", "--short", "HEAD")).toBe(made.session.branch);
    expect(await read(made.path, "README.md")).toBe("changed\n");
    expect(await git(made.path, "show", ":README.md")).toBe("staged");
    expect(exists(made.path, "empty", "deeper")).toBe(true);
    expect(detail).not.toContain("differ");
    expect(await git(world.clone, "for-each-ref", "--format=%(refname)", "refs/trellis/rescue/aaaaaaaa/head")).not.toBe(
      "",
    );
  });

  it("[I3] that was cut off anywhere is finished by doing it again", async () => {
    const before = await makeChanges();
    await end();
    const whole = mortalDeps(world.depsOn, world.host, Number.POSITIVE_INFINITY);
    await restore(await addHeld("bbbbbbbb"), whole.deps);
    expect(whole.deeds.length).toBeGreaterThan(2);
    for (let dieAfter = 1; dieAfter <= whole.deeds.length; dieAfter += 1) {
      const made = await addHeld(`cccccc${String(dieAfter).padStart(2, "0")}`);
      await expect(restore(made, mortalDeps(world.depsOn, world.host, dieAfter).deps)).rejects.toThrow("killed after");
      await restore(made);
      expect(await git(made.path, "status", "--porcelain=v2", "-z")).toBe(before);
    }
  });

  it("brings other branches back as children of the new session's", async () => {
    await git(path, "commit", "--quiet", "--allow-empty", "-m", "one");
    const one = await git(path, "rev-parse", "HEAD");
    await git(path, "switch", "--quiet", "-c", `${from.branch}-topic`);
    await git(path, "commit", "--quiet", "--allow-empty", "-m", "two");
    const two = await git(path, "rev-parse", "HEAD");
    await end();
    const made = await addHeld("bbbbbbbb");
    await restore(made);
    const branch = made.session.branch;
    expect(await git(world.clone, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads/")).toBe(
      [`${branch} ${two}`, `${branch}-restored ${one}`, `${branch}-topic ${two}`].join("\n"),
    );
  });

  it("brings a conflict back as the files stood", async () => {
    await writeFile(join(path, "README.md"), "mine\n");
    await git(path, "commit", "--quiet", "-am", "mine");
    const mine = await git(path, "rev-parse", "HEAD");
    await git(path, "reset", "--quiet", "--hard", "origin/main");
    await writeFile(join(path, "README.md"), "theirs\n");
    await git(path, "commit", "--quiet", "-am", "theirs");
    await tryGit(path, "merge", mine);
    const files = await read(path, "README.md");
    await end();
    const made = await addHeld("bbbbbbbb");
    await restore(made);
    expect(files).toContain("<<<<<<<");
    expect(await read(made.path, "README.md")).toBe(files);
  });

  it("refuses a worktree in which somebody works", async () => {
    await makeChanges();
    await end();
    const made = await world.addSession("bbbbbbbb");
    await writeFile(join(made.path, "README.md"), "work\n");
    await expect(restore(made)).rejects.toMatchObject({ code: "refused" });
    expect(await read(made.path, "README.md")).toBe("work\n");
  });

  it("says which rescue ref is gone, and touches nothing", async () => {
    await makeChanges();
    await end();
    await git(world.clone, "update-ref", "-d", "refs/trellis/rescue/aaaaaaaa/worktree");
    const made = await addHeld("bbbbbbbb");
    from = { ...from, rescueRefs: from.rescueRefs.map(({ ref }) => ({ ref, sha: "1".repeat(40) })) };
    await expect(restore(made)).rejects.toMatchObject({ code: "refused", message: expect.stringContaining("rescue") });
    expect(await git(made.path, "status", "--porcelain")).toBe("");
  });

  it("of a session that saved nothing says so", async () => {
    await rm(path, { recursive: true });
    const made = await addHeld("bbbbbbbb");
    expect((await restore(made)).detail).toContain("Nothing was saved");
  });

  it("is refused across repositories", async () => {
    const made = await addHeld("bbbbbbbb");
    from = { ...from, repositoryId: "another" };
    await expect(restore(made)).rejects.toMatchObject({ code: "refused" });
  });
});
