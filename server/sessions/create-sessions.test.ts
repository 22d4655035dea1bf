import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Phase } from "../domain/session";
import { ada, createGround, type Ground, git, makeOrigin, openRoom, type Room } from "./testing/session-room";

let ground: Ground;
let room: Room;
let origin: string;

beforeEach(async () => {
  ground = await createGround();
  room = openRoom(ground);
  origin = await makeOrigin(ground.root);
});

afterEach(async () => {
  await room.kill();
  await ground.close();
  expect(ground.errors).toEqual([]);
});

const patience = { timeout: 20_000, interval: 20 };

async function phaseBecomes(id: string, phase: Phase) {
  await vi.waitFor(async () => {
    const reading = await room.sessions.get(ada, id);
    expect(`${reading.phase}: ${reading.phaseDetail}`).toMatch(new RegExp(`^${phase}`));
  }, patience);
  return room.sessions.get(ada, id);
}

async function addRepository(settings = {}) {
  return room.repositories.add(ada, { cloneUrl: origin, settings });
}

describe("a session", () => {
  it("is made from a repository that is still being cloned, down to its terminal", async () => {
    const repository = await addRepository();
    const made = await room.sessions.create(ada, { repositoryId: repository.id });
    expect(made.phase).toBe("creating");
    const { session, worktree, steps } = await phaseBecomes(made.session.id, "active");
    expect(session.branch).toBe(`session/ada/${session.shortId}`);
    expect(session).toMatchObject({ baseBranch: "main", baseSha: await git(origin, "rev-parse", "main") });
    const path = worktree?.path ?? "";
    expect(await git(path, "rev-parse", "--abbrev-ref", "HEAD")).toBe(session.branch);
    expect(await git(path, "config", "push.autoSetupRemote")).toBe("true");
    expect(await git(path, "config", "user.email")).toBe(ada.email);
    expect(await git(path, "status", "--porcelain")).toBe("");
    expect(ground.terminals.first.get(session.id)).toBe(path);
    expect(steps).toEqual([]);
  });
});
