import { access, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { creationSteps } from "../domain/session";
import type { FakeHost } from "../fakes/fake-host";
import type { RunOptions } from "./host";
import {
  ada,
  createGround,
  type Ground,
  git,
  makeOrigin,
  openRoom,
  phaseOfBecomes,
  type Room,
} from "./testing/session-room";

let ground: Ground;
let origin: string;
let room: Room | null = null;

beforeEach(async () => {
  ground = await createGround();
  origin = await makeOrigin(ground.root);
  await writeFile(join(origin, "README.md"), "hello\n");
  await git(origin, "add", "--all");
  await git(origin, "commit", "--quiet", "-m", "second");
  await writeFile(join(origin, ".env"), "A=1\n");
});

afterEach(async () => {
  await room?.kill();
  room = null;
  await ground.close();
  expect(ground.errors).toEqual([]);
});

const settings = { copyFiles: [".env"], setupScript: "echo done > made" };

/**
 * A host on which the `nth` command is the server's last: it is run, and its answer never comes. That leaves what a
 * command that never began leaves at the next.
 */
function dyingHost(host: FakeHost, die: () => void, nth: number): FakeHost {
  let count = 0;
  return {
    ...host,
    async run(argv: string[], options?: RunOptions) {
      count += 1;
      if (count < nth) return host.run(argv, options);
      const { signal: _ended, ...rest } = options ?? {};
      if (count === nth) await host.run(argv, rest);
      die();
      throw new Error("the server is dead");
    },
  };
}

describe("[I3] a server that is killed", () => {
  it("at any command of a session's creation leaves a session that the next server makes", async () => {
    const first = openRoom(ground);
    const repository = await first.repositories.add(ada, { cloneUrl: origin, settings });
    const whole = await first.sessions.create(ada, { repositoryId: repository.id });
    await phaseOfBecomes(first, whole.session.id, "active");
    await first.kill();
    let kills = 0;
    for (let nth = 1, over = false; !over; nth += 1) {
      const dead = new AbortController();
      const dying = openRoom(ground, (deps) => {
        const host = dyingHost(ground.host, () => dead.abort(), nth);
        return { ...deps, host: () => host, signal: dead.signal };
      });
      const { session } = await dying.sessions.create(ada, { repositoryId: repository.id });
      over = await vi.waitFor(async () => {
        const { phase } = await dying.sessions.get(ada, session.id);
        if (!dead.signal.aborted && phase !== "active") throw new Error(`neither dead nor active: ${phase}`);
        return !dead.signal.aborted;
      });
      if (!over) kills += 1;
      dead.abort();
      await Promise.all([dying.sessions.idle(), dying.clones.idle()]);
      room = openRoom(ground);
      await room.clones.start();
      await room.sessions.start();
      const { worktree } = await phaseOfBecomes(room, session.id, "active");
      const path = worktree?.path ?? "";
      expect(await git(path, "symbolic-ref", "--short", "HEAD")).toBe(session.branch);
      expect(await readFile(join(path, "README.md"), "utf8")).toBe("hello\n");
      expect(await readFile(join(path, ".env"), "utf8")).toBe("A=1\n");
      expect(await git(path, "status", "--porcelain", "--untracked-files=no")).toBe("");
      expect(ground.terminals.first.get(session.id)).toBe(path);
      await room.kill();
      ground.tables.sessions.delete(session.id); // so that the next server has one session to look at
    }
    expect(kills).toBeGreaterThan(25);
  }, 240_000);

  it("while it clones leaves nothing half-made under the clone's name, and the next server clones", async () => {
    for (const nth of [2, 3, 4, 5, 6, 8, 12]) {
      const dead = new AbortController();
      const dying = openRoom(ground, (deps) => {
        const host = dyingHost(ground.host, () => dead.abort(), nth);
        return { ...deps, host: () => host, signal: dead.signal };
      });
      const { id } = await dying.repositories.add(ada, { cloneUrl: origin });
      await vi.waitFor(() => expect(dead.signal.aborted).toBe(true));
      await Promise.all([dying.sessions.idle(), dying.clones.idle()]);
      room = openRoom(ground);
      await room.clones.start();
      const { session } = await room.sessions.create(ada, { repositoryId: id });
      await phaseOfBecomes(room, session.id, "active");
      const tables = ground.tables;
      tables.sessions.clear();
      tables.worktrees.clear();
      tables.repositories.clear();
      await room.kill();
    }
  }, 120_000);
});

describe("a worktree directory that went behind our back", () => {
  async function made() {
    room = openRoom(ground);
    const repository = await room.repositories.add(ada, { cloneUrl: origin, settings });
    const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
    const { worktree } = await phaseOfBecomes(room, session.id, "active");
    await room.kill();
    return { id: session.id, path: worktree?.path ?? "", branch: session.branch, repository };
  }

  async function reopened(): Promise<Room> {
    room = openRoom(ground);
    await room.sessions.start();
    return room;
  }

  it("is told as failed, and a retry brings back commits and what was staged", async () => {
    const { id, path, branch } = await made();
    await git(path, "commit", "--quiet", "--allow-empty", "-m", "mine");
    await writeFile(join(path, "staged"), "kept\n");
    await git(path, "add", "staged");
    await rm(path, { recursive: true });
    const next = await reopened();
    const { session } = await phaseOfBecomes(next, id, "failed");
    expect(session.failure?.reason).toContain("is gone");
    await next.sessions.retry(ada, id, { skip: false });
    await phaseOfBecomes(next, id, "active");
    expect(await git(path, "symbolic-ref", "--short", "HEAD")).toBe(branch);
    expect(await git(path, "log", "-1", "--format=%s")).toBe("mine");
    expect(await git(path, "status", "--porcelain", "--untracked-files=no")).toBe("A  staged");
    expect(await readFile(join(path, "staged"), "utf8")).toBe("kept\n");
    expect(await readFile(join(path, ".env"), "utf8")).toBe("A=1\n");
    expect(ground.terminals.attempts.get(id)).toEqual([1, 2]);
  });

  it("comes back on its branch also where git's record of it is gone too", async () => {
    const { id, path, branch, repository } = await made();
    await git(path, "commit", "--quiet", "--allow-empty", "-m", "mine");
    await rm(path, { recursive: true });
    await git(join(ground.host.paths().repositories, repository.id), "worktree", "prune");
    const next = await reopened();
    await phaseOfBecomes(next, id, "failed");
    await next.sessions.retry(ada, id, { skip: false });
    await phaseOfBecomes(next, id, "active");
    expect(await git(path, "log", "-1", "--format=%s")).toBe("mine");
    expect(await git(path, "symbolic-ref", "--short", "HEAD")).toBe(branch);
  });

  it("that lost only its link to git gets it back, and no file is touched", async () => {
    const { id, path } = await made();
    await writeFile(join(path, "README.md"), "changed\n");
    await rm(join(path, ".git"));
    const next = await reopened();
    await phaseOfBecomes(next, id, "failed");
    await next.sessions.retry(ada, id, { skip: false });
    await phaseOfBecomes(next, id, "active");
    expect(await readFile(join(path, "README.md"), "utf8")).toBe("changed\n");
  });

  it("is active again by itself when it comes back", async () => {
    const { id, path } = await made();
    const away = join(ground.root, "away");
    await rename(path, away);
    const next = await reopened();
    await phaseOfBecomes(next, id, "failed");
    await rename(away, path);
    await next.kill();
    await phaseOfBecomes(await reopened(), id, "active");
  });

  it("[I1] is not gone because a look failed", async () => {
    const { id, path } = await made();
    const before = ground.tables.sessions.get(id)?.seenAt ?? null;
    ground.host.setState({ kind: "unreachable", since: new Date(), reason: "asleep" });
    await rm(path, { recursive: true });
    const next = await reopened();
    expect(await next.sessions.get(ada, id)).toMatchObject({ phase: "unreachable", session: { failure: null } });
    expect(ground.tables.sessions.get(id)?.seenAt ?? null).toEqual(before);
    await expect(access(path)).rejects.toThrow();
  });
});

it("every step of creation has words", async () => {
  room = openRoom(ground);
  const repository = await room.repositories.add(ada, { cloneUrl: origin });
  ground.host.setState({ kind: "unreachable", since: new Date(), reason: "asleep" });
  const { steps } = await room.sessions.create(ada, { repositoryId: repository.id });
  expect(steps.map(({ step }) => step)).toEqual(creationSteps);
  expect(steps.every(({ title }) => /^[A-Z]/.test(title))).toBe(true);
  ground.host.setState({ kind: "reachable", seenAt: new Date() });
});
