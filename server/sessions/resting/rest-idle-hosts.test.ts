import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RepositorySettings } from "../../domain/repository";
import {
  ada,
  addPodRepository,
  createGround,
  type Ground,
  openRoom,
  phaseOfBecomes,
  type Room,
} from "../testing/session-room";
import { restIdleHosts } from "./rest-idle-hosts";

let ground: Ground;
let room: Room;
let aheadMs: number;
let idleSince: Map<string, number>;
beforeEach(async () => {
  aheadMs = 0;
  idleSince = new Map();
  ground = await createGround();
  room = openRoom(ground, (deps) => ({ ...deps, now: () => new Date(Date.now() + aheadMs) }));
});
afterEach(async () => {
  await room.kill();
  await ground.close();
  expect(ground.errors).toEqual([]);
});

const program = { pid: 1, command: "make", terminalId: "t", startedAt: null };
const look = () => restIdleHosts(room.deps, idleSince);

/** Two looks, one hour and a minute apart. */
async function lookForAnHour(): Promise<string> {
  await look();
  aheadMs += 61 * 60_000;
  await look();
  return ground.host.state().kind;
}

async function activeSession(settings: Partial<RepositorySettings> = {}) {
  const repository = await addPodRepository(room, ground, settings);
  const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
  return (await phaseOfBecomes(room, session.id, "active")).session;
}

describe("a pod", () => {
  it("is put to rest once nobody needed it for as long as its repository says, its shells kept in mind", async () => {
    const { id } = await activeSession();
    await look();
    aheadMs += 59 * 60_000;
    await look();
    expect(ground.host.state().kind).toBe("reachable");
    aheadMs += 60_000;
    await look();
    expect(ground.host.state().kind).toBe("suspended");
    expect([...ground.terminals.rested.keys()]).toEqual([id]);
    expect(await room.sessions.get(ada, id)).toMatchObject({ phase: "active", phaseDetail: /rests/ });
  });

  it("that is slow to go is not waited for by a stop, and takes its shells along", async () => {
    const { id } = await activeSession();
    ground.host.suspend = () => new Promise(() => {});
    const looking = lookForAnHour();
    await expect.poll(() => ground.terminals.rested.has(id)).toBe(true);
    await room.kill();
    await looking;
    expect(ground.terminals.rested.has(id)).toBe(true);
  });

  it("is never put to rest where its repository says 0, nor is this machine", async () => {
    await activeSession({ suspendAfterMinutes: 0 });
    expect(await lookForAnHour()).toBe("reachable");
    for (const row of ground.tables.repositories.values()) {
      const settings = { ...row.settings, suspendAfterMinutes: 60 };
      ground.tables.repositories.set(row.id, { ...row, settings, host: "local" });
    }
    expect(await lookForAnHour()).toBe("reachable");
    expect(ground.host.asked).toEqual([]);
  });

  it("[I8] is never put to rest under a running program, and its time counts anew from its end", async () => {
    const { id } = await activeSession();
    ground.host.addProgram(id, program);
    expect(await lookForAnHour()).toBe("reachable");
    await ground.host.stopPrograms(id, 0);
    aheadMs += 61 * 60_000;
    await look();
    expect(ground.host.state().kind).toBe("reachable");
    expect(await lookForAnHour()).toBe("suspended");
  });

  it.each<[string, (id: string) => void]>([
    ["a browser looks at it", (id) => ground.terminals.looked.add(id)],
    [
      "an agent works in it",
      () => Object.assign(room.deps, { runningTurns: async () => [{ chatId: "c", title: "Agent" }] }),
    ],
    [
      "a session of it is being made",
      (id) => {
        const session = ground.tables.sessions.get(id);
        if (session) ground.tables.sessions.set(id, { ...session, creation: session.creation.slice(0, -1) });
      },
    ],
    [
      "it is being cloned",
      () => {
        for (const row of ground.tables.repositories.values())
          ground.tables.repositories.set(row.id, { ...row, clonedAt: null });
      },
    ],
  ])("is needed while %s", async (_, use) => {
    const { id } = await activeSession();
    await room.kill(); // nothing moves on by itself any more
    room = { ...room, deps: { ...room.deps, signal: new AbortController().signal } };
    use(id);
    expect(await lookForAnHour()).toBe("reachable");
  });

  it("[I1] is not put to rest where what runs cannot be seen", async () => {
    await activeSession();
    const { host } = room.deps;
    const blind = async () => Promise.reject(new Error("no answer"));
    room = { ...room, deps: { ...room.deps, host: (ref) => ({ ...host(ref), programs: blind }) } };
    expect(await lookForAnHour()).toBe("reachable");
    expect(ground.host.asked).toEqual([]);
  });

  it("[I1] counts anew after a look at which what runs could not be seen", async () => {
    await activeSession();
    await look();
    aheadMs += 30 * 60_000;
    const { programs } = ground.host;
    ground.host.programs = async () => Promise.reject(new Error("no answer"));
    await look();
    ground.host.programs = programs;
    aheadMs += 31 * 60_000;
    await look();
    expect(ground.host.state().kind).toBe("reachable");
  });

  it("[I8] is looked at again at the last moment: what began meanwhile keeps it up, and its shells go on", async () => {
    const { id } = await activeSession();
    const { rest } = ground.terminals;
    ground.terminals.rest = async (...asked) => {
      await rest(...asked);
      ground.host.addProgram(id, program);
    };
    expect(await lookForAnHour()).toBe("reachable");
    expect(ground.terminals.rested.size).toBe(0);
    expect(ground.host.asked).toEqual([]);
  });

  it("is woken again for a browser that came while it was put to rest", async () => {
    const { id } = await activeSession();
    const { suspend } = ground.host;
    ground.host.suspend = async () => {
      await suspend();
      ground.terminals.looked.add(id);
    };
    expect(await lookForAnHour()).toBe("reachable");
    expect(ground.host.asked).toEqual(["suspend", "wake"]);
  });

  it("that cannot be put to rest goes on as it was, with its shells", async () => {
    await activeSession();
    ground.host.suspend = async () => Promise.reject(new Error("the API server is away"));
    expect(await lookForAnHour()).toBe("reachable");
    expect(ground.terminals.rested.size).toBe(0);
  });
});
