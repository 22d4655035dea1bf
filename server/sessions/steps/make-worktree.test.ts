import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ada,
  createGround,
  type Ground,
  git,
  makeOrigin,
  openRoom,
  phaseOfBecomes,
  type Room,
} from "../testing/session-room";
import { beingMade, worktreePlan } from "./worktree-plan";

describe("the plan for a worktree", () => {
  it.each([
    ["absent", null, "add"],
    ["empty", null, "add"],
    ["something-else", null, "taken"],
    ["worktree", null, "taken"],
    ["worktree", { lock: beingMade }, "finish"],
    ["absent", { lock: beingMade }, "clear"],
    ["something-else", { lock: "initializing" }, "clear"],
    ["worktree", { lock: null }, "done"],
    ["worktree", { lock: "mine, do not touch" }, "done"],
    ["absent", { lock: null }, "put-back"],
    ["something-else", { lock: null }, "put-back"],
    ["absent", { lock: "on a stick" }, "put-back"],
  ] as const)("%s with record %j: %s", (directory, record, plan) => {
    expect(worktreePlan({ directory, record })).toBe(plan);
  });
});

describe("a worktree whose making was cut off", () => {
  let ground: Ground;
  let room: Room;
  let clone: string;
  let repositoryId: string;

  beforeEach(async () => {
    ground = await createGround();
    room = openRoom(ground);
    const origin = await makeOrigin(ground.root);
    await writeFile(join(origin, "README.md"), "hello\n");
    await git(origin, "add", "--all");
    await git(origin, "commit", "--quiet", "-m", "second");
    const repository = await room.repositories.add(ada, { cloneUrl: origin });
    repositoryId = repository.id;
    const { session } = await room.sessions.create(ada, { repositoryId });
    await phaseOfBecomes(room, session.id, "active");
    clone = room.clones.queue(repository).path;
  });

  afterEach(async () => {
    await room.kill();
    await ground.close();
    expect(ground.errors).toEqual([]);
  });

  /** A session that waits for its host, with what a killed `git worktree add` left. */
  async function cutOff(damage: (path: string, admin: string) => Promise<void>) {
    ground.host.setState({ kind: "unreachable", since: new Date(), reason: "asleep" });
    const { session } = await room.sessions.create(ada, { repositoryId });
    const path = join(ground.host.paths().worktrees, session.shortId);
    const held = ["worktree", "add", "--no-checkout", "--lock", "--reason", beingMade];
    await git(clone, ...held, "--no-track", "-b", session.branch, path, "origin/main");
    await damage(path, join(clone, ".git/worktrees", session.shortId));
    ground.host.setState({ kind: "reachable", seenAt: new Date() });
    await phaseOfBecomes(room, session.id, "active");
    expect(await git(path, "symbolic-ref", "--short", "HEAD")).toBe(session.branch);
    expect(await git(path, "status", "--porcelain")).toBe("");
    expect(await readFile(join(path, "README.md"), "utf8")).toBe("hello\n");
    expect(await git(clone, "worktree", "list", "--porcelain")).not.toContain("locked");
    await expect(access(join(clone, ".git/worktrees", `${session.shortId}1`))).rejects.toThrow();
  }

  it("before any file was there is completed", () => cutOff(async () => {}));

  it("in the middle of its checkout is completed, though git left its lock", () =>
    cutOff(async (path, admin) => {
      await writeFile(join(admin, "index.lock"), "");
      await writeFile(join(path, "README.md"), "hel");
    }));

  it("while git was told of it is completed, though git left its locks", () =>
    cutOff(async (path, admin) => {
      await git(path, "checkout", "--quiet", "--force", "HEAD", "--");
      for (const name of ["config.worktree.lock", "HEAD.lock"]) await writeFile(join(admin, name), "");
    }));

  it("before its link was written is made again", () => cutOff((path) => rm(join(path, ".git"))));

  it("before its HEAD was written is made again", () => cutOff((_, admin) => rm(join(admin, "HEAD"))));

  it("and whose directory is gone is made again", () => cutOff((path) => rm(path, { recursive: true })));
});
