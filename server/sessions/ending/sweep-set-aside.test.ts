import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Host, RunResult } from "../host";
import type { SessionDeps } from "../session-deps";
import { sweepSetAside } from "./sweep-set-aside";
import { createEndingWorld, type EndingWorld, exists, git } from "./testing/ending-world";

let world: EndingWorld;
beforeEach(async () => {
  world = await createEndingWorld();
});
afterEach(async () => {
  await world.close();
});

const day = 86_400_000;

/** An ended session; gives its id and where its directory is kept. */
async function end(shortId: string): Promise<{ id: string; aside: string }> {
  const { session } = await world.addSession(shortId);
  await world.ask(session.id, "rescue");
  await world.settle(session.id);
  return { id: session.id, aside: (await world.worktree(session.id))?.setAsidePath ?? "" };
}

const later = (days: number, deps = world.deps): SessionDeps => ({
  ...deps,
  now: () => new Date(Date.now() + days * day),
});
const purged = async (id: string) => (await world.worktree(id))?.purged ?? null;

/** A host whose disk is short until `enough` directories were removed. */
function shortDisk(enough: number): Host {
  let removed = 0;
  const answer = (words: string): RunResult => ({
    ...{ code: 0, signal: null, stderr: new Uint8Array(0) },
    stdout: new TextEncoder().encode(words),
  });
  return {
    ...world.host,
    async run(argv, options) {
      if (argv[0] === "df")
        return answer(`Avail Size\n${removed < enough ? 1024 ** 2 : 50 * 1024 ** 3} ${100 * 1024 ** 3}\n`);
      if (argv[0] === "rm") removed += 1;
      return world.host.run(argv, options);
    },
  };
}

describe("the sweep of directories set aside", () => {
  it("removes one that was kept long enough, rescue refs not, and leaves a younger one", async () => {
    const { id, aside } = await end("aaaaaaaa");
    await sweepSetAside(later(6.9));
    expect([exists(aside), await purged(id)]).toEqual([true, null]);
    await sweepSetAside(later(7));
    expect(exists(aside)).toBe(false);
    expect(await purged(id)).toMatchObject({ reason: "kept-long-enough" });
    expect(await git(world.clone, "rev-parse", "refs/trellis/rescue/aaaaaaaa/worktree")).toMatch(/^\w{40}$/);
  });

  it("removes the oldest sooner while the disk is short, no more than needed, and says why", async () => {
    const one = await end("aaaaaaaa");
    const two = await end("bbbbbbbb");
    await sweepSetAside(world.depsOn(shortDisk(1)));
    expect(await purged(one.id)).toMatchObject({ reason: "disk-short" });
    expect([exists(one.aside), exists(two.aside), await purged(two.id)]).toEqual([false, true, null]);
  });

  it("wakes no pod that rests: what is due goes once it is up for another reason", async () => {
    const { id, aside } = await end("aaaaaaaa");
    world.host.setState({ kind: "suspended", since: new Date() });
    await sweepSetAside(later(30));
    expect([await purged(id), world.host.asked]).toEqual([null, []]);
    world.host.setState({ kind: "reachable", seenAt: new Date() });
    await sweepSetAside(later(30));
    expect(exists(aside)).toBe(false);
  });

  it("[I1] removes nothing after a look that failed", async () => {
    const { id, aside } = await end("aaaaaaaa");
    const failing = (command: string): Host => ({
      ...world.host,
      run: (argv, options) =>
        argv[0] === command ? Promise.reject(new Error("no answer")) : world.host.run(argv, options),
    });
    await sweepSetAside(world.depsOn(failing("df")));
    await sweepSetAside(later(30, world.depsOn(failing("stat"))));
    world.host.setState({ kind: "unreachable", since: new Date(), reason: "cable" });
    await sweepSetAside(later(30));
    expect([exists(aside), await purged(id)]).toEqual([true, null]);
  });

  it("never touches what is not a session's directory among the ended ones", async () => {
    const { id } = await end("aaaaaaaa");
    const precious = join(world.root, "precious");
    await mkdir(precious);
    const record = await world.worktree(id);
    for (const path of [precious, join(world.host.paths().ended, "..", "precious"), world.host.paths().ended, "/"]) {
      await world.deps.worktrees.update(record?.id ?? "", { setAsidePath: path });
      await sweepSetAside(later(30));
      expect([exists(path), await purged(id)]).toEqual([true, null]);
    }
  });

  it("leaves the directory of a session that still ends", async () => {
    const { id, aside } = await end("aaaaaaaa");
    await world.deps.sessions.update(id, { endedAt: null });
    await sweepSetAside(later(30));
    expect([exists(aside), await purged(id)]).toEqual([true, null]);
  });

  it("records one that somebody removed", async () => {
    const { id, aside } = await end("aaaaaaaa");
    await rm(aside, { recursive: true });
    await sweepSetAside(world.deps);
    expect(await purged(id)).toMatchObject({ reason: "by-hand" });
  });

  it("[I3] finishes a removal that was cut off, with its reason", async () => {
    const { id, aside } = await end("aaaaaaaa");
    const cut: Host = {
      ...world.host,
      run: (argv, options) => (argv[0] === "rm" ? Promise.reject(new Error("killed")) : world.host.run(argv, options)),
    };
    const deps = later(7, world.depsOn(cut));
    const worktrees = { ...deps.worktrees, listSetAside: () => deps.worktrees.listSetAside() };
    await sweepSetAside({ ...deps, worktrees: { ...worktrees, update: () => Promise.reject(new Error("killed")) } });
    expect([exists(aside), await purged(id)]).toEqual([false, null]);
    await sweepSetAside(world.deps);
    expect(await purged(id)).toMatchObject({ reason: "kept-long-enough" });
    expect(exists(world.host.paths().ended, ".going-kept-long-enough-aaaaaaaa")).toBe(false);
  });

  it("[I3] a server that stops does not wait for a removal, and the next one finishes it", async () => {
    const { id } = await end("aaaaaaaa");
    const stop = new AbortController();
    const cut: Host = {
      ...world.host,
      run(argv, options) {
        if (argv[0] !== "rm") return world.host.run(argv, options);
        stop.abort(new Error("the server stops"));
        options?.signal?.throwIfAborted();
        return new Promise(() => {}); // a removal that takes an hour
      },
    };
    await expect(sweepSetAside({ ...later(7, world.depsOn(cut)), signal: stop.signal })).rejects.toThrow("stops");
    await sweepSetAside(later(7));
    expect(exists(world.host.paths().ended, ".going-kept-long-enough-aaaaaaaa")).toBe(false);
    expect(await purged(id)).toMatchObject({ reason: "kept-long-enough" });
  });

  it("removes directories that may not be written", async () => {
    const { aside } = await end("aaaaaaaa");
    await mkdir(join(aside, "cache"));
    await writeFile(join(aside, "cache", "a"), "a");
    await chmod(join(aside, "cache"), 0o555);
    await sweepSetAside(later(7));
    expect(exists(world.host.paths().ended, ".going-kept-long-enough-aaaaaaaa")).toBe(false);
  });
});
