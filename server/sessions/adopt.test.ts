import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Keep } from "../domain/session";
import type { Adopt } from "./create-session-row";
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

const pull: Adopt = {
  url: "https://forge.example/team/app/pulls/7",
  branch: "feature/größe",
  baseBranch: "main",
  inFork: false,
};

let ground: Ground;
let room: Room;
let origin: string;
let repositoryId: string;
let clone: string;

beforeEach(async () => {
  ground = await createGround();
  room = openRoom(ground);
  origin = await makeOrigin(ground.root);
  await git(origin, "checkout", "--quiet", "-b", pull.branch);
  await commitIn(origin, "theirs");
  await git(origin, "checkout", "--quiet", "main");
  await git(origin, "commit", "--quiet", "--allow-empty", "-m", "second");
  const repository = await room.repositories.add(ada, { cloneUrl: origin });
  repositoryId = repository.id;
  clone = room.clones.queue(repository).path;
});

afterEach(async () => {
  await room.kill();
  await ground.close();
  expect(ground.errors).toEqual([]);
});

async function commitIn(at: string, name: string): Promise<string> {
  await writeFile(join(at, name), `${name}\n`);
  await git(at, "add", "--", name);
  await git(at, "commit", "--quiet", "-m", name);
  return git(at, "rev-parse", "HEAD");
}

const begin = (adopt: Partial<Adopt> = {}) => room.sessions.create(ada, { repositoryId, adopt: { ...pull, ...adopt } });

async function adopted(adopt: Partial<Adopt> = {}) {
  const reading = await phaseOfBecomes(room, (await begin(adopt)).session.id, "active");
  return { ...reading, id: reading.session.id, path: reading.worktree?.path ?? "" };
}

async function end(id: string, keep: Keep) {
  const look = await room.sessions.look(ada, id);
  await room.sessions.end(ada, id, { keep, token: look.token });
  return { look, ...(await phaseOfBecomes(room, id, "ended")) };
}

describe("a session made from a pull request", () => {
  it("goes on in the pull request's branch at its latest, follows it, and shows the pull request's base", async () => {
    const first = await room.sessions.create(ada, { repositoryId });
    await phaseOfBecomes(room, first.session.id, "active");
    await git(origin, "checkout", "--quiet", pull.branch);
    const latest = await commitIn(origin, "later");
    await git(origin, "checkout", "--quiet", "main");
    const { session, path } = await adopted();
    expect(session).toMatchObject({ branch: pull.branch, baseBranch: "main", adoptedFrom: pull.url });
    expect(session.baseSha).toBe(await git(origin, "rev-parse", "main~1"));
    expect(await git(path, "symbolic-ref", "HEAD")).toBe(`refs/heads/${pull.branch}`);
    expect(await git(path, "rev-parse", "HEAD", "@{upstream}")).toBe(`${latest}\n${latest}`);
    expect(await git(path, "rev-parse", "--symbolic-full-name", "@{upstream}")).toBe(
      `refs/remotes/origin/${pull.branch}`,
    );
    expect(await git(path, "status", "--porcelain")).toBe("");
    const pushed = await commitIn(path, "mine");
    await git(path, "push", "--quiet");
    expect(await git(origin, "rev-parse", pull.branch)).toBe(pushed);
    expect((await room.sessions.commitsSince(session.id))?.map(({ subject }) => subject)).toEqual([
      "theirs",
      "later",
      "mine",
    ]);
    expect(await room.sessions.made(session.id)).toEqual([pushed]);
  });

  it("is refused where its branch lies in a fork, or where another base is asked for too", async () => {
    await expect(begin({ inFork: true })).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining("its branch lies in a fork"),
    });
    const both = { repositoryId, adopt: pull, base: "main" };
    await expect(room.sessions.create(ada, both)).rejects.toMatchObject({ code: "refused" });
    expect((await room.sessions.list({ userId: ada.id, limit: 10 })).items).toEqual([]);
  });

  it("is a conflict while another session works on the branch, and may be once that is over", async () => {
    const { id } = await adopted();
    await expect(begin()).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`works on the branch ${pull.branch} already`),
    });
    await end(id, "rescue");
    await adopted();
  });

  it("never is two, however many ask at the same time", async () => {
    await Promise.allSettled(Array.from({ length: 8 }, () => begin()));
    const { items } = await room.sessions.list({ userId: ada.id, state: "active", limit: 20 });
    expect(items.length).toBeLessThan(2);
    for (const { session } of items) await phaseOfBecomes(room, session.id, "active");
  });

  it("begins at the clone's own branch where that has commits that no remote has, and says so", async () => {
    const { path, id } = await adopted();
    await git(path, "checkout", "--quiet", "-b", "aside");
    await end(id, "nothing");
    await git(clone, "fetch", "--quiet");
    const other = await phaseOfBecomes(room, (await room.sessions.create(ada, { repositoryId })).session.id, "active");
    const otherPath = other.worktree?.path ?? "";
    await git(otherPath, "checkout", "--quiet", "-b", pull.branch, "--no-track", `origin/${pull.branch}~1`);
    const kept = await commitIn(otherPath, "kept");
    await git(otherPath, "checkout", "--quiet", other.session.branch);
    const again = await adopted();
    expect(await git(again.path, "rev-parse", "HEAD")).toBe(kept);
    const made = again.session.creation.find(({ step }) => step === "worktree");
    expect(made?.detail).toContain("with a commit that its remote lacks");
    const { loss } = await room.sessions.look(ada, again.id);
    expect(loss.branches).toMatchObject({
      state: "known",
      value: [{ branch: pull.branch, commitsOnNoRemote: { count: 1, commits: [{ sha: kept }] } }],
    });
    const others = await room.sessions.look(ada, other.session.id);
    expect(others.loss.branches).toMatchObject({ state: "known", value: [{ branch: other.session.branch }] });
  });

  it("moves the clone's own branch up to the remote where that only lies behind", async () => {
    const other = await phaseOfBecomes(room, (await room.sessions.create(ada, { repositoryId })).session.id, "active");
    const otherPath = other.worktree?.path ?? "";
    await git(otherPath, "branch", "--no-track", pull.branch, `origin/${pull.branch}~1`);
    const { path } = await adopted();
    expect(await git(path, "rev-parse", "HEAD")).toBe(await git(origin, "rev-parse", pull.branch));
  });

  it("fails in words where another worktree has the branch, and to end it leaves that one alone", async () => {
    const other = await phaseOfBecomes(room, (await room.sessions.create(ada, { repositoryId })).session.id, "active");
    const otherPath = other.worktree?.path ?? "";
    await git(otherPath, "checkout", "--quiet", pull.branch);
    const mine = await commitIn(otherPath, "mine");
    const { session } = await begin();
    const { phaseDetail } = await phaseOfBecomes(room, session.id, "failed");
    expect(phaseDetail).toContain(`is checked out in ${otherPath} already`);
    const { look } = await end(session.id, "push");
    expect(look.loss.branches).toEqual({ state: "known", value: [] });
    expect(await git(otherPath, "rev-parse", pull.branch)).toBe(mine);
    expect(await git(origin, "rev-parse", pull.branch)).not.toBe(mine);
  });

  it("fails in words where the remote has no such branch, and goes on once it has", async () => {
    const tip = await git(origin, "rev-parse", pull.branch);
    await git(origin, "branch", "-D", pull.branch);
    const { session } = await begin();
    const { phaseDetail } = await phaseOfBecomes(room, session.id, "failed");
    expect(phaseDetail).toContain(`The remote has no branch \`${pull.branch}\``);
    await git(origin, "branch", pull.branch, tip);
    await room.sessions.retry(ada, session.id, { skip: false });
    await phaseOfBecomes(room, session.id, "active");
  });

  it("fails in words where git takes the name for none, and runs nothing that it says", async () => {
    const { session } = await begin({ branch: "--upload-pack=x" });
    const { phaseDetail } = await phaseOfBecomes(room, session.id, "failed");
    expect(phaseDetail).toContain("does not take");
  });
});

describe("ending a session made from a pull request", () => {
  it("counts its commits right and rescues them, leaves the remote alone, and can be restored", async () => {
    const { id, path, session } = await adopted();
    const before = await git(origin, "rev-parse", pull.branch);
    const mine = await commitIn(path, "mine");
    await writeFile(join(path, "theirs"), "changed\n");
    const { look, session: ended } = await end(id, "rescue");
    expect(look.loss.branches).toMatchObject({
      state: "known",
      value: [{ branch: pull.branch, head: mine, commitsOnNoRemote: { count: 1, commits: [{ subject: "mine" }] } }],
    });
    const prefix = `refs/trellis/rescue/${session.shortId}`;
    expect(ended.rescueRefs).toContainEqual({ ref: `${prefix}/branches/${pull.branch}`, sha: mine });
    expect(await git(clone, "show", `${prefix}/worktree:theirs`)).toBe("changed");
    expect(await git(clone, "for-each-ref", "refs/heads/")).toBe("");
    expect(await git(origin, "rev-parse", pull.branch)).toBe(before);

    const restored = await room.sessions.create(ada, { repositoryId, restoreFrom: id });
    const next = await phaseOfBecomes(room, restored.session.id, "active");
    expect(next.session).toMatchObject({ adoptedFrom: null, branch: `session/ada/${next.session.shortId}` });
    expect(await git(next.worktree?.path ?? "", "log", "--format=%s", "-2")).toBe("mine\ntheirs");
    expect(await git(next.worktree?.path ?? "", "status", "--porcelain")).toBe("M theirs");
  });

  it("pushes to the pull request's own branch", async () => {
    const { id, path } = await adopted();
    const mine = await commitIn(path, "mine");
    const { session } = await end(id, "push");
    expect(session.pushedBranches).toEqual([pull.branch]);
    expect(await git(origin, "rev-parse", pull.branch)).toBe(mine);
  });
});
