import { afterEach, beforeEach, expect, it } from "vitest";
import { ada, createGround, type Ground, makeOrigin, openRoom, type Room } from "../testing/session-room";
import { tellUnreachable } from "./tell-unreachable";

let ground: Ground;
let room: Room;
beforeEach(async () => {
  ground = await createGround();
  room = openRoom(ground);
});
afterEach(async () => {
  await room.kill();
  await ground.close();
});

it("an owner is told once per outage, and not of one that is over soon", async () => {
  const repository = await room.repositories.add(ada, { cloneUrl: await makeOrigin(ground.root) });
  const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
  const told = new Map();
  const look = () => tellUnreachable(room.deps, [session], told);
  const awaySince = (ms: number) =>
    ground.host.setState({ kind: "unreachable", since: new Date(Date.now() - ms), reason: "asleep" });
  awaySince(1_000);
  await look();
  expect(ground.told).toEqual([]);
  awaySince(61_000);
  await look();
  await look();
  expect(ground.told).toMatchObject([{ kind: "session-unreachable", sessionId: session.id }]);
  awaySince(120_000);
  await look();
  expect(ground.told.length).toBe(2);
});
