import { describe, expect, test } from "vitest";
import { AppError } from "../domain/app-error";
import { openPullsGround } from "./testing/open-pulls";

async function stacked() {
  const ground = await openPullsGround();
  const session = ground.addSession("one");
  const { forge } = ground;
  const bottom = forge.open(session.branch);
  const top = forge.open(`${session.branch}-top`, { base: { branch: session.branch } });
  const room = ground.open();
  await room.look();
  const row = async (number: number) => {
    const found = (await room.of(session)).own.find(({ pull }) => pull.facts?.number === number);
    if (!found?.pull.facts) throw new Error(`#${number} is not followed`);
    return found;
  };
  const merge = async () => {
    const { pull } = await row(bottom);
    const headSha = pull.facts?.head.sha ?? "";
    return room.merge(ground.user, { sessionId: session.id, pullId: pull.id }, { headSha, method: "squash" });
  };
  const bases: string[] = [];
  const { change } = forge;
  forge.change = (number, patch) => {
    if (number === top && patch.base) bases.push(patch.base.branch);
    change.call(forge, number, patch);
  };
  return { ground, session, forge, bottom, top, room, row, merge, bases };
}

describe("merging from here", () => {
  test("case 11: moves the children before a branch can be deleted", async () => {
    const { forge, bottom, top, room, row, merge, bases } = await stacked();
    const { change } = forge;
    let baseAtMerge: string | undefined;
    forge.change = (number, patch) => {
      if (number === bottom && patch.state === "merged") baseAtMerge = forge.pulls.get(top)?.base.branch;
      change.call(forge, number, patch);
    };
    await merge();
    expect(baseAtMerge).toBe("main");
    await room.look();
    expect(await row(top)).toMatchObject({ pull: { movedFor: null }, stack: { state: "ready" } });
    expect(bases).toEqual(["main"]);
  });

  test.each([
    ["brings the default branch elsewhere", { head: { branch: "main" }, base: { branch: "production" } }, "main"],
    ["comes from a fork", { head: { repository: "eve/app", branch: "shared" } }, "shared"],
  ])("of one that %s moves nothing", async (_, change, base) => {
    const { ground, session, forge, room } = await stacked();
    const beside = forge.open(`${session.branch}-beside`, { base: { branch: base } });
    const number = forge.open(change.head.branch, change);
    const { pull } = await room.link(ground.user, session.id, `https://forge.test/team/app/pulls/${number}`);
    await room.look();
    const headSha = forge.pulls.get(number)?.head.sha ?? "";
    await room.merge(ground.user, { sessionId: session.id, pullId: pull.id }, { headSha, method: null });
    expect(forge.pulls.get(number)?.state).toBe("merged");
    expect(forge.pulls.get(beside)).toMatchObject({ state: "open", base: { branch: base } });
  });

  test.each([
    ["a head that moved", "conflict"],
    ["a refusal", "refused"],
  ] as const)("moves them back after %s that comes when they are moved", async (_, code) => {
    const { session, forge, top, room, row, merge, bases } = await stacked();
    forge.mergeTrouble = new AppError(code, "Not now.");
    await expect(merge()).rejects.toMatchObject({ code });
    expect(bases).toEqual(["main", session.branch]);
    await room.idle();
    expect(await row(top)).toMatchObject({ pull: { movedFor: null }, stack: { state: "blocked", position: 2 } });
  });

  test("moves nothing for one that conflicts, nor for a head that is not the one that was seen", async () => {
    const { ground, forge, bottom, room, row, merge, bases, session } = await stacked();
    const { pull } = await row(bottom);
    const old = { headSha: "old", method: null };
    const at = { sessionId: session.id, pullId: pull.id };
    await expect(room.merge(ground.user, at, old)).rejects.toMatchObject({ code: "conflict" });
    forge.change(bottom, { mergeability: { known: true, state: "conflict" } });
    forge.mergeTrouble = new AppError("refused", "It conflicts.");
    await expect(merge()).rejects.toMatchObject({ code: "refused" });
    expect(bases).toEqual([]);
  });

  test("[I3] that the server did not see to its end is ended by the next look: children go back, or stay", async () => {
    const { ground, session, forge, bottom, top, room, row, merge, bases } = await stacked();
    forge.mergeTrouble = new AppError("unavailable", "It broke off.");
    await expect(merge()).rejects.toMatchObject({ code: "unavailable" });
    await room.idle();
    await room.look();
    expect(bases).toEqual(["main", session.branch]);
    await expect(merge()).rejects.toMatchObject({ code: "unavailable" });
    // The answer was lost, and not the merge.
    room.close();
    forge.merge(bottom);
    await ground.pulls.update((await row(top)).pull.id, {
      movedFor: { pullId: (await row(bottom)).pull.id, from: session.branch, to: "main" },
    });
    forge.change(top, { base: { branch: "main", sha: null } });
    const after = ground.open();
    await after.look();
    expect(forge.pulls.get(top)).toMatchObject({ base: { branch: "main" }, state: "open" });
    expect(await ground.pulls.get((await row(top)).pull.id)).toMatchObject({ movedFor: null });
  });
});
