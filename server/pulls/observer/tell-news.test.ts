import { describe, expect, test } from "vitest";
import type { Check, Reviewer } from "../../domain/pull";
import { openPullsGround } from "../testing/open-pulls";

async function openGround() {
  const ground = await openPullsGround();
  const session = ground.addSession("one");
  const number = ground.forge.open(session.branch);
  const headNow = () => ground.forge.pulls.get(number)?.head.sha ?? "";
  const kinds = () => ground.told.map(({ kind }) => kind);
  return {
    ...{ ...ground, session, number, kinds },
    checks(...states: [string, Check["state"]][]) {
      const checks = states.map(([name, state]) => ({ name, state, url: null, runId: null }));
      ground.forge.change(number, { checks: { known: true, sha: headNow(), checks, requiredMissing: [] } });
    },
    reviewers(...reviewers: Reviewer[]) {
      const review = { known: true as const, reviewers, unresolvedThreads: 0, approvalsMissing: 0 };
      ground.forge.change(number, { review });
    },
    push(sha: string) {
      const { head } = ground.forge.pulls.get(number) ?? {};
      if (head) ground.forge.change(number, { head: { ...head, sha } });
    },
    /** What was told by one look of a server that was started for it, but that checks passed: they do from the start. */
    async lookAndHear(): Promise<string[]> {
      const before = ground.told.length;
      await ground.open().look();
      return kinds()
        .slice(before)
        .filter((kind) => kind !== "pull-checks-passed");
    },
    async nudges(): Promise<string[]> {
      return (await ground.open().of(session)).nudges.map(({ text }) => text);
    },
  };
}

const said = (state: Reviewer["state"], change: Partial<Reviewer> = {}): Reviewer => ({
  ...{ name: "eve", state, stale: false },
  ...change,
});

describe("[I3] checks", () => {
  test("that are run again are told of once, and make one message, in whatever order they end", async () => {
    const ground = await openGround();
    ground.checks(["lint", "failing"], ["build", "failing"]);
    expect(await ground.lookAndHear()).toEqual(["pull-checks-failed"]);
    ground.checks(["lint", "pending"], ["build", "failing"]);
    expect(await ground.lookAndHear()).toEqual([]);
    ground.checks(["lint", "failing"], ["build", "pending"]);
    expect(await ground.lookAndHear()).toEqual([]);
    ground.checks(["lint", "failing"], ["build", "failing"]);
    expect(await ground.lookAndHear()).toEqual([]);
    expect(await ground.nudges()).toHaveLength(1);
    ground.checks(["lint", "failing"], ["unit", "failing"]);
    expect(await ground.lookAndHear()).toEqual(["pull-checks-failed"]);
    ground.push("another");
    ground.checks(["lint", "failing"]);
    expect(await ground.lookAndHear()).toEqual(["pull-checks-failed"]);
  });

  test("of one that merged leave no message on offer", async () => {
    const ground = await openGround();
    ground.checks(["build", "failing"]);
    await ground.lookAndHear();
    expect(await ground.nudges()).toHaveLength(1);
    ground.forge.merge(ground.number);
    await ground.lookAndHear();
    expect(await ground.nudges()).toEqual([]);
  });
});

describe("[I3] a reviewer's word", () => {
  test.each([
    ["with an id of the forge's", (id: string) => ({ wordId: id })],
    ["without one", () => ({})],
  ])("%s is told once over pushes, and again when it is given again", async (_, word) => {
    const ground = await openGround();
    ground.reviewers(said("approved", word("1")));
    expect(await ground.lookAndHear()).toEqual(["pull-approved"]);
    ground.push("another");
    ground.reviewers(said("approved", word("1")));
    expect(await ground.lookAndHear()).toEqual([]);
    ground.reviewers(said("changes-requested", word("2")));
    expect(await ground.lookAndHear()).toEqual(["pull-changes-requested"]);
    ground.reviewers(said("approved", word("3")));
    expect(await ground.lookAndHear()).toEqual(["pull-approved"]);
  });

  test("that was said of an older head is told, for it counts", async () => {
    const ground = await openGround();
    ground.reviewers(said("changes-requested", { stale: true, wordId: "1" }));
    expect(await ground.lookAndHear()).toEqual(["pull-changes-requested"]);
    ground.reviewers(said("changes-requested", { stale: false, wordId: "1" }));
    expect(await ground.lookAndHear()).toEqual([]);
  });
});

test("[I3] a conflict is told once, however often its base moves, and its message goes with it", async () => {
  const ground = await openGround();
  const conflict = { known: true as const, state: "conflict" as const };
  for (const sha of ["b1", "b2", "b3"]) {
    ground.forge.change(ground.number, { mergeability: conflict, base: { branch: "main", sha } });
    expect(await ground.lookAndHear()).toEqual(sha === "b1" ? ["pull-conflict"] : []);
  }
  expect(await ground.nudges()).toHaveLength(1);
  ground.forge.change(ground.number, { mergeability: { known: true, state: "blocked" } });
  await ground.lookAndHear();
  expect(await ground.nudges()).toEqual([]);
});
