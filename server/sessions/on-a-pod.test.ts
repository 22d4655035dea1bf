import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../domain/app-error";
import type { HostState } from "./host";
import {
  ada,
  addPodRepository,
  createGround,
  type Ground,
  git,
  openRoom,
  phaseOfBecomes,
  type Room,
} from "./testing/session-room";

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
const comingUp = (trouble: string | null): HostState => ({
  kind: "starting",
  since: new Date(),
  detail: "Pulling the image",
  trouble,
});

async function begin(repositoryId: string) {
  return (await room.sessions.create(ada, { repositoryId })).session;
}

async function active() {
  const repository = await addPodRepository(room, ground);
  const session = await begin(repository.id);
  const reading = await phaseOfBecomes(room, session.id, "active");
  return { repository, id: session.id, path: reading.worktree?.path ?? "" };
}

const patience = { interval: 20 };

describe("a pod that rests", () => {
  it("is woken for a session that is made, which goes on by itself", async () => {
    const { repository } = await active();
    ground.host.comesUp = false;
    ground.host.setState(rests);
    const { id } = await begin(repository.id);
    await vi.waitFor(async () => {
      expect(await room.sessions.get(ada, id)).toMatchObject({
        phase: "creating",
        phaseDetail: "Starting the container",
      });
    }, patience);
    ground.host.setState(comingUp("Image no-such-image cannot be pulled."));
    expect((await room.sessions.get(ada, id)).phaseDetail).toBe("Image no-such-image cannot be pulled.");
    ground.host.setState({ kind: "reachable", seenAt: new Date() });
    await phaseOfBecomes(room, id, "active");
    expect(ground.host.asked).toEqual(["wake"]);
  });

  it("is not woken by a look of the server's own, nor by reading or listing", async () => {
    const { id, repository } = await active();
    ground.host.setState(rests);
    await room.sessions.start();
    await room.clones.start();
    room.clones.wake(repository.id);
    for (const reading of [await room.sessions.get(ada, id), await room.sessions.read(id)])
      expect(reading?.phase).toBe("active");
    await room.sessions.list({ userId: ada.id, limit: 50 });
    await room.repositories.rescues(ada, repository.id);
    await room.repositories.hostOf(ada, repository.id);
    await room.kill();
    expect(ground.host.asked).toEqual([]);
  });

  it.each<[string, (at: { id: string; repositoryId: string }) => Promise<unknown>]>([
    ["a look at what would be lost", ({ id }) => room.sessions.look(ada, id)],
    ["a file", ({ id }) => room.sessions.upload(ada, id, { name: "a.txt", bytes: Buffer.from("a") })],
    ["a look at what a deletion takes along", ({ repositoryId }) => room.repositories.remains(ada, repositoryId)],
  ])("is woken for %s, which waits for it", async (_, ask) => {
    const { id, repository } = await active();
    ground.host.comesUp = false;
    ground.host.setState(rests);
    const asked = ask({ id, repositoryId: repository.id });
    await vi.waitFor(() => expect(ground.host.state().kind).toBe("starting"), patience);
    ground.host.setState({ kind: "reachable", seenAt: new Date() });
    await asked;
    expect(ground.host.asked).toEqual(["wake"]);
  });

  it("that a person must mend first is not waited for, and says so", async () => {
    const { id } = await active();
    ground.host.setState(comingUp("The volume cannot be made."));
    const { loss } = await room.sessions.look(ada, id);
    expect(loss.changed).toEqual({ state: "unknown", reason: expect.stringContaining("The volume cannot be made.") });
    const upload = room.sessions.upload(ada, id, { name: "a.txt", bytes: Buffer.from("a") });
    await expect(upload).rejects.toMatchObject({ code: "unavailable", message: /The volume cannot be made/ });
  });

  it("that takes longer than a person waits is being woken, and they are told when to ask again", async () => {
    const { id } = await active();
    ground.host.comesUp = false;
    ground.host.setState(rests);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const asked = expect(room.sessions.look(ada, id)).rejects.toMatchObject({
        code: "unavailable",
        message: /being woken \(Starting the container\)/,
        details: { retryAfterSeconds: 5 },
      });
      await vi.advanceTimersByTimeAsync(15_000);
      await asked;
    } finally {
      vi.useRealTimers();
    }
  });

  it("is woken to end a session, which keeps what was made there", async () => {
    const { id, path } = await active();
    await writeFile(join(path, "work.txt"), "unpushed");
    ground.host.setState(rests);
    await room.sessions.end(ada, id, { keep: "rescue", token: null });
    const { session } = await phaseOfBecomes(room, id, "ended");
    expect(session.rescueRefs.map(({ ref }) => ref)).toContain(`refs/trellis/rescue/${session.shortId}/worktree`);
    expect(ground.host.asked).toEqual(["wake"]);
  });

  it("is woken for whoever opens a session of it, and for nobody once that ended", async () => {
    const { id } = await active();
    ground.host.setState(rests);
    room.sessions.wanted(id);
    await vi.waitFor(() => expect(ground.host.asked).toEqual(["wake"]), patience);
    await room.sessions.end(ada, id, { keep: "rescue", token: null });
    await phaseOfBecomes(room, id, "ended");
    ground.host.setState(rests);
    room.sessions.wanted(id);
    room.sessions.wanted("nobody");
    await room.kill();
    expect(ground.host.asked).toEqual(["wake"]);
  });
});

it("a step that the pod's end cut off is taken again once it is back", async () => {
  const repository = await addPodRepository(room, ground, { copyFiles: [], setupScript: "echo made > made.txt" });
  const { host } = ground;
  const { run } = host;
  let cut = false;
  host.run = async (argv, options) => {
    if (!cut && argv.includes("checkout")) {
      cut = true;
      host.setState({ kind: "unreachable", since: new Date(), reason: "The pod was deleted." });
      setImmediate(() => host.setState({ kind: "reachable", seenAt: new Date() }));
    }
    return run(argv, options);
  };
  const { id } = await begin(repository.id);
  const { worktree } = await phaseOfBecomes(room, id, "active");
  expect(cut).toBe(true);
  expect(await git(worktree?.path ?? "", "status", "--porcelain")).toBe("?? made.txt");
});

describe("a repository in a pod", () => {
  const hideFrom = (repositoryId: string) => {
    const row = ground.tables.repositories.get(repositoryId);
    if (row) ground.tables.repositories.set(repositoryId, { ...row, clonedAt: null });
  };

  it("that was never cloned can be deleted though its pod does not come up", async () => {
    ground.host.setState(comingUp("Image no-such-image cannot be pulled."));
    const { id } = await addPodRepository(room, ground);
    await room.repositories.remove(ada, id, null);
    await vi.waitFor(async () => {
      await expect(room.repositories.get(ada, id)).rejects.toMatchObject({ code: "not-found" });
    }, patience);
    expect(ground.host.asked).toContain("remove");
  });

  it("[I1] in which something may have been made is not deleted unseen, and says what it waits for", async () => {
    const { id, repository } = await active();
    await room.sessions.end(ada, id, { keep: "rescue", token: null });
    await phaseOfBecomes(room, id, "ended");
    hideFrom(repository.id);
    ground.host.setState(comingUp("The node is gone."));
    await expect(room.repositories.remove(ada, repository.id, null)).rejects.toMatchObject({
      code: "unavailable",
      message: /The node is gone/,
    });
    expect(await room.repositories.get(ada, repository.id)).toMatchObject({ deletingAt: null });
    expect(ground.host.asked).not.toContain("remove");
  });

  it("loses its host after its last directory, and its row last", async () => {
    const { id, repository } = await active();
    await room.sessions.end(ada, id, { keep: "rescue", token: null });
    await phaseOfBecomes(room, id, "ended");
    const order: string[] = [];
    const { host } = ground;
    const { run, remove } = host;
    host.run = async (argv, options) => {
      if (argv[0] === "rm") order.push("directory");
      return run(argv, options);
    };
    host.remove = async () => {
      order.push("host");
      expect(await room.repositories.get(ada, repository.id)).toMatchObject({ deletingAt: expect.any(Date) });
      await remove();
    };
    const { token } = await room.repositories.remains(ada, repository.id);
    await room.repositories.remove(ada, repository.id, token);
    await vi.waitFor(async () => {
      await expect(room.repositories.get(ada, repository.id)).rejects.toMatchObject({ code: "not-found" });
    }, patience);
    expect(order.indexOf("host")).toBe(order.length - 1);
    expect(order.filter((each) => each === "directory").length).toBeGreaterThan(1);
  });

  it("that was agreed to be deleted goes with its volume, also where its pod is down by then", async () => {
    const { id, repository } = await active();
    await room.sessions.end(ada, id, { keep: "rescue", token: null });
    await phaseOfBecomes(room, id, "ended");
    const { token } = await room.repositories.remains(ada, repository.id);
    const row = ground.tables.repositories.get(repository.id);
    ground.host.setState(comingUp("The node is gone."));
    expect(token).not.toBeNull();
    if (row) ground.tables.repositories.set(row.id, { ...row, deletingAt: new Date() });
    room.clones.wake(repository.id);
    await vi.waitFor(async () => {
      await expect(room.repositories.get(ada, repository.id)).rejects.toMatchObject({ code: "not-found" });
    }, patience);
    expect(ground.host.asked).toEqual(["remove"]);
  });

  it("tells its host of settings that changed", async () => {
    const { repository } = await active();
    await room.repositories.update(ada, repository.id, { settings: { image: "debian:13" } });
    expect(ground.host.asked).toEqual(["settings-changed"]);
  });

  it.each(["/srv/git/thing.git", "~/thing", "file:///srv/git/thing.git"])(
    "is not cloned from %s, and says why",
    async (cloneUrl) => {
      const add = room.repositories.add(ada, { cloneUrl, host: "kubernetes" });
      await expect(add).rejects.toMatchObject({ code: "refused", message: /a pod does not see it/ });
    },
  );

  it("is refused by a server that has no cluster, before anything is asked of a remote", async () => {
    const none = new AppError("not-available", "This server has no cluster.");
    const other = openRoom(ground, (deps) => ({
      ...deps,
      here: { run: async () => Promise.reject(new Error("a remote was asked")) },
      host: () => {
        throw none;
      },
    }));
    const add = other.repositories.add(ada, { cloneUrl: "https://forge.invalid/a/b", host: "kubernetes" });
    await expect(add).rejects.toBe(none);
    await other.kill();
  });

  it("is where a repository lives on a server whose usual host it is", async () => {
    const other = openRoom(ground, (deps) => ({ ...deps, defaultHost: "kubernetes" }));
    await expect(other.repositories.add(ada, { cloneUrl: "/srv/git/thing.git" })).rejects.toMatchObject({
      message: /a pod does not see it/,
    });
    await other.kill();
  });

  it("has commits in the account's name and address, for there is no git of the person's own", async () => {
    const { path } = await active();
    const made = await ground.host.run(["git", "commit", "--quiet", "--allow-empty", "-m", "mine"], { cwd: path });
    expect(Buffer.from(made.stderr).toString()).toBe("");
    expect(await git(path, "log", "-1", "--format=%an %ae %cn %ce")).toBe(`Ada ${ada.email} Ada ${ada.email}`);
  });
});

it("[I1] a server that was started without the cluster says so of what lives there, and leaves it alone", async () => {
  const { id, repository } = await active();
  await room.kill();
  const warned: string[] = [];
  room = openRoom(ground, (deps) => ({
    ...deps,
    log: { ...deps.log, warn: (message) => warned.push(message), error: (message) => warned.push(message) },
    host: () => {
      throw new AppError("not-available", "This server has no cluster.");
    },
  }));
  await room.clones.start();
  await room.sessions.start();
  const reading = await room.sessions.get(ada, id);
  expect(reading).toMatchObject({ phase: "unreachable", phaseDetail: "This server has no cluster." });
  await expect(room.repositories.remove(ada, repository.id, null)).rejects.toMatchObject({ code: "conflict" });
  await expect(room.sessions.look(ada, id)).rejects.toMatchObject({ code: "not-available" });
  await room.kill();
  expect(warned).toEqual([]);
});

describe("a restart of a pod", () => {
  const program = { pid: 7, command: "make -j8", terminalId: "terminal-1", startedAt: null };

  it("[I8] under running programs names them first, and goes by what was named", async () => {
    const { id, repository } = await active();
    ground.host.addProgram(id, program);
    const restart = (token: string | null) => room.repositories.restartHost(ada, repository.id, token);
    const refusal = await restart(null).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: "conflict",
      details: { sessions: [{ sessionId: id, programs: [program] }], unknown: [], token: expect.any(String) },
    });
    const { token } = (refusal as { details: { token: string } }).details;
    ground.host.addProgram(id, { ...program, pid: 8, command: "cc1" }); // what the build started meanwhile
    ground.host.addProgram(id, { ...program, pid: 9, terminalId: "terminal-2", command: "vim" });
    await expect(restart(token)).rejects.toMatchObject({ code: "conflict" });
    expect(ground.host.asked).toEqual([]);
    const again = await restart(token).catch((error: unknown) => error);
    await restart((again as { details: { token: string } }).details.token);
    expect(ground.host.asked).toEqual(["restart"]);
    expect(ground.terminals.rested.get(id)).toEqual(new Set(["terminal-1", "terminal-2"]));
  });

  it("of one in which nothing runs needs no word, and keeps its shells in mind", async () => {
    const { id, repository } = await active();
    await room.repositories.restartHost(ada, repository.id, null);
    expect(ground.host.asked).toEqual(["restart"]);
    expect(ground.terminals.rested.get(id)).toEqual(new Set());
    await phaseOfBecomes(room, id, "active");
  });

  it("[I1] in which nothing can be seen is not taken for one in which nothing runs", async () => {
    const { repository } = await active();
    ground.host.setState(comingUp("The container crashes."));
    const refusal = await room.repositories.restartHost(ada, repository.id, null).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "conflict", details: { unknown: [{ reason: /crashes/ }] } });
    await room.repositories.restartHost(ada, repository.id, (refusal as { details: { token: string } }).details.token);
    expect(ground.host.asked).toEqual(["restart"]);
    expect(ground.terminals.rested.size).toBe(0);
  });

  it("that is not up is told at once, whatever its sessions would take to answer", async () => {
    const { repository } = await active();
    ground.host.programs = () => new Promise(() => {});
    ground.host.setState({ kind: "unreachable", since: new Date(), reason: "The node is away." });
    await expect(room.repositories.restartHost(ada, repository.id, null)).rejects.toMatchObject({
      details: { unknown: [{ reason: "The node is away." }] },
    });
    ground.host.setState({ kind: "reachable", seenAt: new Date() });
  });

  it("that fails leaves its shells as they were", async () => {
    const { repository } = await active();
    ground.host.restart = async () => Promise.reject(new Error("the API server is away"));
    await expect(room.repositories.restartHost(ada, repository.id, null)).rejects.toThrow("away");
    expect(ground.terminals.rested.size).toBe(0);
  });

  it("is refused where the host is this machine, and another's is not found", async () => {
    const { repository } = await active();
    ground.tables.repositories.set(repository.id, { ...repository, host: "local" });
    const restart = room.repositories.restartHost(ada, repository.id, null);
    await expect(restart).rejects.toMatchObject({ code: "refused" });
    const eve = { ...ada, id: "user-eve" };
    for (const asked of [
      room.repositories.restartHost(eve, repository.id, null),
      room.repositories.wakeHost(eve, repository.id),
      room.repositories.hostOf(eve, repository.id),
    ])
      await expect(asked).rejects.toMatchObject({ code: "not-found" });
  });
});
