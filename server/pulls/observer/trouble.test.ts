import { describe, expect, test } from "vitest";
import { AppError } from "../../domain/app-error";
import { openPullsGround } from "../testing/open-pulls";
import { tokenRefusal } from "../token-refusal";

async function lookedAt() {
  const ground = await openPullsGround();
  const session = ground.addSession("one");
  const number = ground.forge.open(session.branch);
  const room = ground.open();
  await room.look();
  const forgeTrouble = async () => (await room.forges(ground.user))[0]?.forge.trouble ?? null;
  return { ground, session, number, room, forgeTrouble, trouble: () => room.troubleOf(ground.repository.id) };
}

describe("[I1] a look that failed", () => {
  test("for the repository is gone or hidden is trouble of that repository alone, and is over with the next that succeeds", async () => {
    const { ground, room, session, forgeTrouble, trouble } = await lookedAt();
    const before = await room.of(session);
    ground.forge.trouble = new AppError("not-found", "404");
    await room.look();
    expect(await room.of(session)).toEqual(before);
    const first = await trouble();
    expect(first?.reason).toMatch(/^forge\.test has no team\/app, or does not show it to ada\. /);
    expect(await forgeTrouble()).toBeNull();
    await room.look();
    expect(await trouble()).toEqual(first);
    ground.forge.trouble = new AppError("refused", "The token may not do this.");
    await room.look();
    expect(await trouble()).toMatchObject({ reason: "The token may not do this.", since: first?.since });
    ground.forge.trouble = null;
    await room.look();
    expect(await trouble()).toBeNull();
  });

  test("for the forge fails at this repository alone is that repository's, where the forge answers all else", async () => {
    const { ground, room, forgeTrouble, trouble } = await lookedAt();
    ground.forge.lookTrouble = new AppError("unavailable", "forge.test has trouble of its own (500).");
    await room.look();
    expect(await trouble()).toMatchObject({ reason: "forge.test has trouble of its own (500)." });
    expect(await forgeTrouble()).toBeNull();
    ground.forge.lookTrouble = null;
    await room.look();
    expect(await trouble()).toBeNull();
  });

  test("for the token or the forge is trouble of the forge, and says nothing of the repository", async () => {
    const { ground, room, forgeTrouble, trouble } = await lookedAt();
    for (const away of [tokenRefusal("Give a new token."), new AppError("unavailable", "No answer.")]) {
      ground.forge.trouble = away;
      await room.look();
      expect(await forgeTrouble()).toMatchObject({ reason: away.message });
      expect(await trouble()).toBeNull();
    }
    // It answers: about this repository only.
    ground.forge.trouble = new AppError("not-found", "404");
    await room.look();
    expect(await forgeTrouble()).toBeNull();
    expect(await trouble()).not.toBeNull();
    ground.forge.trouble = tokenRefusal("Give a new token.");
    await room.look();
    expect(await trouble()).not.toBeNull();
  });
});

test("[I1] one that was deleted while its checks ran stands in nobody's way, keeps its facts, and is asked for once", async () => {
  const { ground, room, session, number, trouble } = await lookedAt();
  ground.forge.check(number, "pending");
  await room.look();
  ground.forge.pulls.delete(number);
  const other = ground.forge.open(`${session.branch}-two`);
  await room.look();
  const { own } = await room.of(session);
  expect(own.map(({ pull }) => [pull.facts?.number, pull.lookFailure?.reason ?? null])).toEqual([
    [other, null],
    [number, "The forge does not know it any more."],
  ]);
  expect(await trouble()).toBeNull();
  await room.look();
  expect(ground.forge.looks.at(-1)?.pending).toEqual([]);
});

test("a repository that was renamed takes what is over with it, and what is opened there after is a session's", async () => {
  const { ground, room, session, number } = await lookedAt();
  const child = ground.forge.open(`${session.branch}-two`, { base: { branch: session.branch } });
  ground.forge.merge(number);
  await room.look();
  for (const [at, { head }] of ground.forge.pulls)
    ground.forge.change(at, {
      ...{ repository: "team/engine", head: { ...head, repository: "team/engine" } },
      url: `https://forge.test/team/engine/pulls/${at}`,
    });
  const opened = ground.forge.open(`${session.branch}-new`, {
    ...{ repository: "team/engine", url: "https://forge.test/team/engine/pulls/3" },
    head: { repository: "team/engine" },
  });
  await room.look();
  const { own } = await room.of(session);
  expect(own.map(({ pull, stack }) => [pull.facts?.number, pull.facts?.repository, stack?.state])).toEqual([
    [opened, "team/engine", undefined],
    [child, "team/engine", "needs-retarget"],
    [number, "team/engine", undefined],
  ]);
  expect(new Set(own.map(({ pull }) => new URL(pull.url).pathname))).toEqual(
    new Set([1, 2, 3].map((at) => `/team/engine/pulls/${at}`)),
  );
});
