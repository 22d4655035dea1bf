import { expect, test } from "vitest";
import { AppError } from "../../domain/app-error";
import { MemoryRepositories } from "../../fakes/memory-repositories";
import { openPullsGround } from "../testing/open-pulls";

test("auto-merge goes up a stack from its bottom, and moves what stands on it first", async () => {
  const ground = await openPullsGround({ autoMerge: true });
  const session = ground.addSession("one");
  const bottom = ground.forge.open(session.branch);
  const top = ground.forge.open(`${session.branch}-top`, { base: { branch: session.branch } });
  const room = ground.open();
  ground.forge.check(top, "passing");
  ground.forge.check(bottom, "failing");
  await room.look();
  expect(ground.forge.pulls.get(top)?.state).toBe("open");
  ground.forge.check(bottom, "passing");
  await room.look();
  expect(ground.forge.pulls.get(bottom)?.state).toBe("merged");
  expect(ground.forge.pulls.get(top)).toMatchObject({ state: "open", base: { branch: "main" } });
  await room.look();
  expect(ground.forge.pulls.get(top)?.state).toBe("merged");
});

test("auto-merge leaves to a person what stands on a branch that is over", async () => {
  const ground = await openPullsGround({ autoMerge: true });
  const session = ground.addSession("one");
  const bottom = ground.forge.open(session.branch);
  const top = ground.forge.open(`${session.branch}-top`, { base: { branch: session.branch } });
  for (const number of [bottom, top]) ground.forge.check(number, "failing");
  const room = ground.open();
  await room.look();
  ground.forge.merge(bottom);
  ground.forge.check(top, "passing");
  await room.look();
  expect((await room.of(session)).own.find(({ pull }) => pull.facts?.number === top)).toMatchObject({
    ...{ stack: { state: "needs-retarget" }, pull: { facts: { state: "open" } } },
  });
});

test("what the forge refuses to merge is told once, and tried again only with another head; a forge that is away is tried again", async () => {
  const ground = await openPullsGround({ autoMerge: true });
  const session = ground.addSession("one");
  const number = ground.forge.open(session.branch);
  ground.forge.check(number, "passing");
  const refused = () => ground.told.filter(({ kind }) => kind === "pull-merge-refused");
  ground.forge.mergeTrouble = new AppError("unavailable", "It is away.");
  await ground.open().look();
  expect(refused()).toEqual([]);
  ground.forge.mergeTrouble = new AppError("refused", "A merge needs a signature.");
  for (let looks = 0; looks < 2; looks += 1) await ground.open().look();
  expect(refused()).toMatchObject([{ sessionId: session.id, title: expect.stringMatching(/: not merged by itself$/) }]);
  ground.forge.mergeTrouble = null;
  await ground.open().look();
  expect(ground.forge.pulls.get(number)?.state).toBe("open");
  ground.forge.change(number, { head: { repository: "team/app", branch: session.branch, sha: "another" } });
  ground.forge.check(number, "passing");
  await ground.open().look();
  expect(ground.forge.pulls.get(number)?.state).toBe("merged");
});

test("auto-merge believes what the forge says right before, not what was stored", async () => {
  const ground = await openPullsGround();
  const session = ground.addSession("one");
  const number = ground.forge.open(session.branch);
  ground.forge.check(number, "passing");
  const room = ground.open();
  await room.look();
  // A status that turns moves nothing that a list shows.
  const before = ground.forge.pulls.get(number);
  if (!before) throw new Error("it is gone");
  ground.forge.check(number, "failing");
  ground.forge.change(number, { updatedAt: before.updatedAt });
  const settings = { ...ground.repository.settings, autoMerge: true };
  await new MemoryRepositories(ground.tables).update(ground.repository.id, { settings });
  await room.look();
  expect(ground.forge.pulls.get(number)?.state).toBe("open");
  expect((await room.of(session)).status.status).toBe("ci_failed");
});
