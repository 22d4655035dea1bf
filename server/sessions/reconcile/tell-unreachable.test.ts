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

it("an owner is told once, in its words, of a host whose way up a person must mend, and not of one that takes long", async () => {
  const repository = await room.repositories.add(ada, { cloneUrl: await makeOrigin(ground.root) });
  const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
  const told = new Map();
  const look = () => tellUnreachable(room.deps, [session], told);
  const since = new Date(Date.now() - 61_000);
  const coming = (trouble: string | null) =>
    ground.host.setState({ kind: "starting", since, detail: "Pulling the image", trouble });
  coming(null);
  await look();
  ground.host.setState({ kind: "suspended", since });
  await look();
  expect(ground.told).toEqual([]);
  coming("The image no-such-image cannot be pulled.");
  await look();
  await look();
  expect(ground.told).toMatchObject([
    { kind: "session-unreachable", sessionId: session.id, body: /^The image no-such-image cannot be pulled\./ },
  ]);
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
