import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEndingWorld, type EndingWorld, exists, git, read } from "./testing/ending-world";

let world: EndingWorld;
beforeEach(async () => {
  world = await createEndingWorld();
});
afterEach(async () => {
  await world.close();
});

describe("a rescue", () => {
  it("[I8] saves commits, what is staged, and what was never given to git, and takes the session out of the clone", async () => {
    const { session, path } = await world.addSession("aaaaaaaa");
    await writeFile(join(path, "README.md"), "committed\n");
    await git(path, "commit", "--quiet", "-am", "mine");
    await writeFile(join(path, "README.md"), "staged\n");
    await git(path, "add", "README.md");
    await writeFile(join(path, "README.md"), "changed\n");
    await writeFile(join(path, "ünï code\n-x"), "untracked\n", { mode: 0o755 });
    await symlink("README.md", join(path, "link"));
    await writeFile(join(path, "debug.log"), "ignored\n");
    await mkdir(join(path, "empty"));
    const head = await git(path, "rev-parse", "HEAD");

    await world.ask(session.id, "rescue");
    const ended = await world.settle(session.id);

    expect(ended).toMatchObject({ endRefusal: null, failure: null, endedAt: expect.any(Date) });
    const prefix = "refs/trellis/rescue/aaaaaaaa";
    expect(ended.rescueRefs.map(({ ref }) => ref).sort()).toEqual([
      `${prefix}/branches/session/ada/aaaaaaaa`,
      `${prefix}/head`,
      `${prefix}/index`,
      `${prefix}/worktree`,
    ]);
    expect(await git(world.clone, "rev-parse", `${prefix}/head`)).toBe(head);
    expect(await git(world.clone, "show", `${prefix}/index:README.md`)).toBe("staged");
    expect(await git(world.clone, "show", `${prefix}/worktree:README.md`)).toBe("changed");
    const files = await git(world.clone, "ls-tree", "-z", `${prefix}/worktree`);
    expect(files).toContain("ünï code\n-x");
    expect(files).toMatch(/100755 blob \w+\tünï/);
    expect(files).toMatch(/120000 blob \w+\tlink/);
    expect(files).not.toContain("debug.log");
    expect(exists(path)).toBe(false);
    expect(await git(world.clone, "worktree", "list")).not.toContain("aaaaaaaa");
    expect(await git(world.clone, "for-each-ref", "refs/heads/")).toBe("");
    const aside = (await world.worktree(session.id))?.setAsidePath ?? "";
    expect(await read(aside, "debug.log")).toBe("ignored\n");
    expect(await git(aside, "status", "--porcelain")).toContain("README.md");
    expect(world.closed).toEqual([session.id]);
    expect(world.told).toMatchObject([{ kind: "session-ended" }]);
    expect(world.errors).toEqual([]);
  });
});
