import { describe, expect, test } from "vitest";
import type { ReviewComment } from "./forge-client";
import { openPullsGround } from "./testing/open-pulls";

const hours = (count: number): number => count * 3_600_000;

describe.each([0, -5, 5])("with a forge whose clock is %i hours ahead of ours", (ahead) => {
  test("what moves between two looks is seen, and comments are read each time they move, and no more", async () => {
    const ground = await openPullsGround({}, { forgeAheadMs: hours(ahead) });
    const session = ground.addSession("one");
    const number = ground.forge.open(session.branch);
    const room = ground.open();
    await room.look();
    const said = (id: string): ReviewComment => ({
      ...{ id, threadId: null, author: "eve", authorMayWrite: true, path: null, line: null, body: `Say ${id}.` },
      ...{ url: null, at: ground.now(), resolved: false },
    });
    const nudges = async () => (await room.of(session)).nudges.filter(({ kind }) => kind === "review").length;
    ground.forge.comments.set(number, [said("a")]);
    ground.forge.review(number, "changes-requested");
    ground.later(5_000);
    await room.look();
    expect(await nudges()).toBe(1);
    const before = ground.forge.requests;
    await room.look();
    expect(ground.forge.requests - before).toBe(1);
    ground.forge.comments.set(number, [said("a"), said("b")]);
    ground.forge.review(number, "changes-requested");
    ground.later(5_000);
    await room.look();
    expect(await nudges()).toBe(2);
  });

  test("checks that have not begun are asked for until an hour after the push, by the forge's clock", async () => {
    const ground = await openPullsGround({}, { forgeAheadMs: hours(ahead) });
    const session = ground.addSession("one");
    const sha = `${session.branch}@1`;
    const number = ground.forge.open(session.branch, {
      checks: { known: true, sha, checks: [], requiredMissing: [] },
    });
    const room = ground.open();
    await room.look();
    ground.later(hours(0.5));
    await room.look();
    expect(ground.forge.looks.at(-1)?.pending).toEqual([{ number, headSha: sha }]);
    ground.later(hours(0.75));
    await room.look();
    await room.look();
    expect(ground.forge.looks.at(-1)?.pending).toEqual([]);
  });

  test("case 7: one that was opened and merged between two looks is the session's", async () => {
    const ground = await openPullsGround({}, { forgeAheadMs: hours(ahead) });
    const session = ground.addSession("one");
    const room = ground.open();
    await room.look();
    const number = ground.forge.open(session.branch);
    ground.forge.merge(number);
    await room.look();
    expect((await room.of(session)).own.map(({ pull }) => pull.facts?.state)).toEqual(["merged"]);
  });
});
