import { expect, test } from "vitest";
import { openPullsGround } from "./testing/open-pulls";

const commit = (subject: string) => ({ sha: subject, subject, body: "" });

test("a draft goes from the session's branch onto its base, and names the parent that it would stand on", async () => {
  const ground = await openPullsGround();
  const session = ground.addSession("one");
  const room = ground.open();
  const number = ground.forge.open(session.branch);
  await room.look();
  const child = `${session.branch}-child`;
  const seen = { isPushed: false, unpushed: 1, template: null };
  ground.ahead.set(`one ${session.branch} main`, { ...seen, commits: [commit("One")] });
  ground.ahead.set(`one ${child} ${session.branch}`, { ...seen, commits: [commit("Two"), commit("Three")] });
  expect(await room.draft(ground.user, "one", {})).toEqual({
    ...{ title: "One", body: "", head: session.branch, base: "main", isPushed: false, unpushed: 1 },
    commits: [{ sha: "One", subject: "One" }],
  });
  expect(await room.draft(ground.user, "one", { head: child, base: session.branch })).toMatchObject({
    ...{ title: "Two", body: `- Two\n- Three\n\nStands on #${number}, which merges first.` },
  });
});

test("[I1] what cannot be known of the worktree now is refused, and no draft of nothing", async () => {
  const ground = await openPullsGround();
  ground.addSession("one");
  const room = ground.open();
  await expect(room.draft(ground.user, "one", {})).rejects.toMatchObject({ code: "unavailable" });
  await expect(room.draft({ ...ground.user, id: "eve" }, "one", {})).rejects.toMatchObject({ code: "not-found" });
});

test("the open ones of a repository are all that the last look saw, with the session whose own they are", async () => {
  const ground = await openPullsGround();
  const session = ground.addSession("one");
  const room = ground.open();
  const mine = ground.forge.open(session.branch);
  const hers = ground.forge.open("eves", { author: "eve" });
  const merged = ground.forge.open(`${session.branch}-done`);
  ground.forge.merge(merged);
  await room.look();
  const known = await room.openOf(ground.user, ground.repository.id);
  expect(known.map(({ facts, sessionId }) => [facts.number, sessionId])).toEqual([
    [hers, null],
    [mine, "one"],
  ]);
  await expect(room.openOf({ ...ground.user, id: "eve" }, ground.repository.id)).rejects.toMatchObject({
    code: "not-found",
  });
});
