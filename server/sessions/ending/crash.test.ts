import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Keep } from "../../domain/session";
import { createEndingWorld, type EndingWorld, exists, git, read } from "./testing/ending-world";
import { mortalDeps } from "./testing/mortal-deps";

let world: EndingWorld;
beforeAll(async () => {
  world = await createEndingWorld();
});
afterAll(async () => {
  await world.close();
});

/** Work of every kind, in a session that was asked to end. */
async function makeSession(shortId: string, keep: Keep) {
  const { session, path } = await world.addSession(shortId);
  await git(path, "submodule", "--quiet", "add", world.remote, "sub");
  await writeFile(join(path, "README.md"), "committed\n");
  await git(path, "commit", "--quiet", "-am", "mine");
  await writeFile(join(path, "sub", "own"), "own\n");
  await git(join(path, "sub"), "add", "own");
  await git(join(path, "sub"), "commit", "--quiet", "-m", "own");
  await writeFile(join(path, "staged"), "staged\n");
  await git(path, "add", "staged");
  await writeFile(join(path, "new"), "new\n");
  await writeFile(join(path, "debug.log"), "ignored\n");
  const head = await git(path, "rev-parse", "HEAD");
  const own = await git(join(path, "sub"), "rev-parse", "HEAD");
  await world.ask(session.id, keep);
  return { session, path, head, own };
}

type Made = Awaited<ReturnType<typeof makeSession>>;

async function expectNothingLost({ session, path, head, own }: Made, keep: Keep): Promise<void> {
  const ended = await world.session(session.id);
  expect(ended).toMatchObject({ endedAt: expect.any(Date), failure: null, endRefusal: null });
  const told = world.told.filter(({ sessionId }) => sessionId === session.id).map(({ kind }) => kind);
  expect(told).toEqual(["session-ended"]);
  const rescue = `refs/trellis/rescue/${session.shortId}`;
  if (keep === "rescue") {
    expect(await git(world.clone, "rev-parse", `${rescue}/head`)).toBe(head);
    expect(await git(world.clone, "show", `${rescue}/index:staged`)).toBe("staged");
    expect(await git(world.clone, "show", `${rescue}/worktree:new`)).toBe("new");
  } else {
    expect(await git(world.remote, "show", `${session.branch}:new`)).toBe("new");
    expect(await git(world.remote, "log", "--format=%H", session.branch)).toContain(head);
    expect(ended.pushedBranches).toEqual([session.branch]);
  }
  for (const { ref, sha } of ended.rescueRefs) expect(await git(world.clone, "rev-parse", ref)).toBe(sha);
  const aside = (await world.worktree(session.id))?.setAsidePath ?? "";
  expect(await read(aside, "debug.log")).toBe("ignored\n");
  expect(await git(join(aside, "sub"), "rev-parse", "HEAD")).toBe(own);
  expect(await git(aside, "log", "--format=%H")).toContain(head);
  expect(exists(path)).toBe(false);
  expect(await git(world.clone, "worktree", "list")).not.toContain(session.shortId);
  expect(await git(world.clone, "for-each-ref", `refs/heads/${session.branch}*`)).toBe("");
}

const shortIdOf = (keep: Keep, index: number) => `${keep.slice(0, 2)}${String(index).padStart(6, "0")}`;

describe("[I3] a server killed while a session ends", () => {
  it.each(["rescue", "commit-and-push"] as const)(
    "loses nothing, ends all the same and tells it once, whichever deed was its last (%s)",
    async (keep) => {
      const whole = mortalDeps(world.depsOn, world.host, Number.POSITIVE_INFINITY);
      const first = await makeSession(shortIdOf(keep, 0), keep);
      await world.settle(first.session.id, whole.deps);
      await expectNothingLost(first, keep);
      expect(whole.deeds.length).toBeGreaterThan(20);

      // Once the directory is moved it goes on alike, whatever was kept.
      const moved = whole.deeds.findIndex((deed) => deed.startsWith("mv "));
      const last = keep === "rescue" ? whole.deeds.length : moved;
      for (let dieAfter = 1; dieAfter <= last; dieAfter += 1) {
        const made = await makeSession(shortIdOf(keep, dieAfter), keep);
        const killed = mortalDeps(world.depsOn, world.host, dieAfter);
        await expect(world.settle(made.session.id, killed.deps)).rejects.toThrow("killed after");
        await world.settle(made.session.id);
        await expectNothingLost(made, keep);
      }
      expect(world.errors).toEqual([]);
    },
    900_000,
  );
});
