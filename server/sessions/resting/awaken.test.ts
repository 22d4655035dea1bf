import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HostState } from "../host";
import {
  ada,
  addPodRepository,
  createGround,
  type Ground,
  git,
  openRoom,
  phaseOfBecomes,
  type Room,
} from "../testing/session-room";

let ground: Ground;
let room: Room;
beforeEach(async () => {
  ground = await createGround();
  room = openRoom(ground);
});
afterEach(async () => {
  await room.kill();
  await ground.close();
  expect(ground.errors).toEqual([]);
});

const rests: HostState = { kind: "suspended", since: new Date() };
const patience = { interval: 20 };

/** A session of a pod that has ended, with one commit in its rescue. */
async function ended() {
  const repository = await addPodRepository(room, ground);
  const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
  const { worktree } = await phaseOfBecomes(room, session.id, "active");
  await git(worktree?.path ?? "", "commit", "--quiet", "--allow-empty", "-m", "mine");
  await room.sessions.end(ada, session.id, { keep: "rescue", token: null });
  await phaseOfBecomes(room, session.id, "ended");
  return { repository, id: session.id };
}

describe("a pod that rests", () => {
  it("is woken for what an ended session left on it, and waited for", async () => {
    const { id } = await ended();
    ground.host.comesUp = false;
    ground.host.setState(rests);
    room.sessions.wanted(id);
    const awake = room.sessions.awaken(id);
    await vi.waitFor(() => expect(ground.host.state().kind).toBe("starting"), patience);
    ground.host.setState({ kind: "reachable", seenAt: new Date() });
    await awake;
    expect(ground.host.asked).toEqual(["wake"]);
  });

  it("is not asked for the subjects of rescues: the list says at once what is known without it", async () => {
    const { repository } = await ended();
    const subjects = async () =>
      (await room.repositories.rescues(ada, repository.id)).flatMap(({ refs }) => refs.map(({ subject }) => subject));
    expect(await subjects()).toContain("mine");
    ground.host.setState(rests);
    const run = vi.spyOn(ground.host, "run");
    expect(new Set(await subjects())).toEqual(new Set([null]));
    expect(run).not.toHaveBeenCalled();
    expect(ground.host.asked).toEqual([]);
  });
});
