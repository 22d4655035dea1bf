import { afterEach, beforeEach, expect, it } from "vitest";
import { AppError } from "../../domain/app-error";
import {
  ada,
  createGround,
  type Ground,
  makeOrigin,
  openRoom,
  phaseOfBecomes,
  type Room,
} from "../testing/session-room";

let ground: Ground;
let room: Room;
let repositoryId: string;

beforeEach(async () => {
  ground = await createGround();
  room = openRoom(ground);
  repositoryId = (await room.repositories.add(ada, { cloneUrl: await makeOrigin(ground.root) })).id;
  await begun();
});
afterEach(async () => {
  await room.kill();
  await ground.close();
  expect(ground.errors).toEqual([]);
});

async function begun() {
  const { session } = await room.sessions.create(ada, { repositoryId });
  return phaseOfBecomes(room, session.id, "active");
}

/** Does something before each command of the host that begins so. */
function before(words: string, work: () => Promise<void>): void {
  const { run } = ground.host;
  ground.host.run = async (argv, options) => {
    if (argv.join(" ").startsWith(words)) await work();
    return run(argv, options);
  };
}

it("a fetch does not wait for the looks that come before its step", async () => {
  let asked = () => {};
  const fetching = new Promise<void>((resolve) => {
    asked = resolve;
  });
  before("git fetch", async () => asked());
  before("mkdir", () => fetching);
  before("test -d", () => fetching);
  await begun();
});

it("a fetch that was begun early and failed is not taken for that of the next try", async () => {
  let fetches = 0;
  before("git fetch", async () => {
    fetches += 1;
    if (fetches === 1) throw new AppError("unavailable", "The host is away: for a moment");
  });
  await begun();
  expect(fetches).toBe(2);
});

it("a fetch that was begun early is an old one once the host was away", async () => {
  let fetches = 0;
  before("git fetch", async () => {
    fetches += 1;
  });
  let looks = 0;
  before("mkdir", async () => {
    looks += 1;
    if (looks === 1) throw new AppError("unavailable", "The host is away: for a moment");
  });
  await begun();
  expect(fetches).toBe(2);
});
