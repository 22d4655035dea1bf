import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HostState } from "../host";
import {
  ada,
  addPodRepository,
  createGround,
  type Ground,
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

const words = "The volume cannot be made: there is no storage class `fast`.";
const never: HostState = { kind: "starting", since: new Date(), detail: "Making the volume", trouble: words };
const away: HostState = { kind: "unreachable", since: new Date(), reason: "no route to it" };
const patience = { interval: 20 };

describe("a session whose host never came up", () => {
  it("ends without it, is told of once, and its repository can be deleted", async () => {
    ground.host.setState(never);
    const repository = await addPodRepository(room, ground);
    const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
    await vi.waitFor(async () => expect((await room.sessions.get(ada, session.id)).phaseDetail).toBe(words), patience);
    await room.sessions.end(ada, session.id, { keep: "rescue", token: null });
    const reading = await phaseOfBecomes(room, session.id, "ended");
    expect(reading.session).toMatchObject({ rescueRefs: [], failure: null, endingSteps: [{ step: "confirm" }] });
    expect(ground.told).toEqual([{ kind: "session-ended", sessionId: session.id, body: "Nothing was made yet." }]);
    await room.repositories.remove(ada, repository.id, null);
    await vi.waitFor(() => expect(ground.tables.repositories.has(repository.id)).toBe(false), patience);
  });

  it("[I1] does not end where its worktree was begun, also once an earlier step was taken again", async () => {
    const repository = await addPodRepository(room, ground);
    const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
    await phaseOfBecomes(room, session.id, "active");
    await room.kill();
    await room.deps.sessions.update(session.id, { creation: [] });
    ground.host.setState(away);
    room = openRoom(ground);
    await room.sessions.start();
    await room.sessions.end(ada, session.id, { keep: "rescue", token: null });
    await phaseOfBecomes(room, session.id, "unreachable");
    ground.host.setState({ kind: "reachable", seenAt: new Date() });
    const { worktree } = await phaseOfBecomes(room, session.id, "ended");
    expect(worktree?.setAsidePath).toContain(session.shortId);
  });
});
