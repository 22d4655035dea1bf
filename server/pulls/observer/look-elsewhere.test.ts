import { describe, expect, test } from "vitest";
import { AppError } from "../../domain/app-error";
import type { PullFacts } from "../../domain/pull";
import { sampleFacts } from "../../fakes/sample-pull";
import { openPullsGround } from "../testing/open-pulls";

const url = "https://forge.test/team/lib/pulls/1";
const inLib = (change: Partial<PullFacts> = {}): PullFacts => ({
  ...sampleFacts(1, { repository: "team/lib", head: { repository: "ada/lib" } }),
  ...{ providerId: "in-lib", url, title: "Of the library", ...change },
});

/** A session with a pull request of its own, #1, and one of another repository with that number, linked by hand. */
async function linkedGround(settings = {}) {
  const ground = await openPullsGround(settings);
  const session = ground.addSession("one");
  const number = ground.forge.open(session.branch);
  ground.forge.elsewhere.set(url, inLib());
  const room = ground.open();
  await room.look();
  const linked = await room.link(ground.user, session.id, `${url}/files`);
  await room.idle();
  const at = { sessionId: session.id, pullId: linked.pull.id };
  const pullNow = async () => (await room.of(session)).own.find(({ pull }) => pull.id === linked.pull.id)?.pull;
  return { ...ground, session, number, room, at, pullNow };
}

describe("a pull request of another repository that was linked by hand", () => {
  test("is followed where it lives, and never taken for the one with its number here", async () => {
    const { forge, room, session, number, pullNow } = await linkedGround();
    const said = {
      ...{ id: "c", threadId: null, author: "eve", authorMayWrite: true, path: null, line: null },
      ...{ body: "of the other one", url: null, at: new Date("2026-05-06T07:08:09.000Z"), resolved: false },
    };
    forge.comments.set(number, [said]);
    const reviewers = [{ name: "eve", state: "changes-requested" as const, stale: false }];
    const review = { known: true as const, reviewers, unresolvedThreads: 0, approvalsMissing: 0 };
    forge.elsewhere.set(url, inLib({ review }));
    await room.look();
    expect(await pullNow()).toMatchObject({
      url,
      lookFailure: null,
      facts: { review: { reviewers: [{ name: "eve" }] } },
    });
    expect((await room.of(session)).nudges).toEqual([]);
    forge.elsewhere.set(url, inLib({ state: "merged" }));
    await room.look();
    expect(await pullNow()).toMatchObject({ facts: { state: "merged", title: "Of the library" } });
  });

  test("is refreshed and acted on there", async () => {
    const { forge, room, user, at } = await linkedGround();
    forge.elsewhere.set(url, inLib({ title: "Renamed" }));
    expect((await room.refresh(user, at)).pull.facts?.title).toBe("Renamed");
    await expect(room.retarget(user, at, "next")).rejects.toThrow("not in team/lib");
    expect(forge.pulls.get(1)?.base.branch).toBe("main");
  });

  test("[I1] that the forge does not know any more says so, and holds nothing up; nor does one that fails", async () => {
    const { forge, room, session, number, pullNow } = await linkedGround();
    forge.elsewhere.delete(url);
    forge.change(number, { title: "moved" });
    await room.look();
    expect(await pullNow()).toMatchObject({ lookFailure: { reason: "The forge does not know it any more." } });
    const { own } = await room.of(session);
    expect(own.map(({ pull }) => pull.facts?.title)).toContain("moved");
    forge.elsewhere.set(url, inLib());
    await room.look();
    expect(await pullNow()).toMatchObject({ lookFailure: null });
  });

  test("is never merged by itself", async () => {
    const { forge, pullNow } = await linkedGround({ autoMerge: true });
    expect(forge.pulls.get(1)?.state).toBe("merged");
    expect(await pullNow()).toMatchObject({ facts: { state: "open" } });
  });
});

test("[I1] one that was linked before its forge was added is known once it is, and nothing is called merged until then", async () => {
  const ground = await openPullsGround();
  const session = ground.addSession("one");
  const number = ground.forge.open(session.branch);
  await ground.open().look();
  const [forge] = await ground.forges.list(ground.user.id);
  if (!forge) throw new Error("there is no forge");
  await ground.forges.delete(forge.id);
  const room = ground.open();
  const { pull } = await room.link(ground.user, session.id, `${url}/files`);
  expect(pull.facts).toBeNull();
  const at = { sessionId: session.id, pullId: pull.id };
  await expect(room.refresh(ground.user, at)).rejects.toThrow(AppError);
  ground.forge.elsewhere.set(url, inLib());
  await ground.forges.create(forge, { token: "t", webhookSecret: "secret" });
  ground.forge.merge(number);
  ground.forge.elsewhere.delete(url);
  await room.look();
  expect((await room.of(session)).status.status).toBeNull();
  expect(ground.told.map(({ kind }) => kind)).not.toContain("pull-done");
  ground.forge.elsewhere.set(url, inLib());
  await room.look();
  expect(await ground.pulls.get(pull.id)).toMatchObject({ url, facts: { title: "Of the library" } });
  expect((await room.refresh(ground.user, at)).pull.facts?.number).toBe(1);
});
