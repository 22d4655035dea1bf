import { describe, expect, test, vi } from "vitest";
import { openPullsGround } from "./testing/open-pulls";
import { tokenRefusal } from "./token-refusal";

const kinds = (told: { kind: string }[]) => told.map(({ kind }) => kind);

describe("a session's pull requests", () => {
  test("are found by their branch, told once, and end with an offer to end", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    const room = ground.open();
    const number = ground.forge.open(session.branch);
    await room.look();
    expect(await room.of(session)).toMatchObject({
      own: [{ pull: { attributedBy: "branch", facts: { number, state: "open" } }, stack: null }],
      status: { status: "mergeable" },
    });
    ground.forge.check(number, "failing");
    await room.look();
    await room.look();
    expect((await room.of(session)).status.status).toBe("ci_failed");
    ground.forge.check(number, "passing");
    ground.forge.merge(number);
    await room.look();
    await room.look();
    expect((await room.of(session)).status).toEqual({
      ...{ status: "merged", reason: `#${number} is merged: the session can be ended` },
    });
    expect(kinds(ground.told)).toEqual(["pull-checks-passed", "pull-checks-failed", "pull-merged", "pull-done"]);
    expect(ground.errors).toEqual([]);
  });

  test("a restart tells nothing again, and sees what was opened and merged meanwhile", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    const number = ground.forge.open(session.branch, { draft: true });
    ground.forge.check(number, "failing");
    const first = ground.open();
    await first.look();
    first.close();
    const before = kinds(ground.told);
    const meanwhile = ground.forge.open(`${session.branch}-more`);
    ground.forge.merge(meanwhile);
    const second = ground.open();
    await second.look();
    const { own, nudges } = await second.of(session);
    expect(own.map(({ pull }) => [pull.facts?.number, pull.facts?.state])).toEqual([
      [meanwhile, "merged"],
      [number, "open"],
    ]);
    expect(kinds(ground.told)).toEqual([...before, "pull-merged"]);
    expect(nudges).toHaveLength(1);
  });

  test("case 2 and 12: a stack over two sessions, whose children are followed and whose strangers are not mine", async () => {
    const ground = await openPullsGround();
    const one = ground.addSession("one");
    const two = ground.addSession("two");
    const bottom = ground.forge.open(one.branch);
    const middle = ground.forge.open("free-name", { base: { branch: one.branch } });
    const strangers = ground.forge.open("eves", { base: { branch: one.branch }, author: "eve" });
    const top = ground.forge.open(two.branch, { base: { branch: "free-name" } });
    ground.forge.open("unrelated", { author: "eve" });
    const room = ground.open();
    await room.look();
    const first = await room.of(one);
    expect(first.own.map(({ pull, stack }) => [pull.facts?.number, pull.attributedBy, stack?.position])).toEqual([
      [middle, "stack", 2],
      [bottom, "branch", 1],
    ]);
    expect(first.around.map(({ pull }) => pull.facts?.number).toSorted()).toEqual([strangers, top]);
    expect(await room.of(two)).toMatchObject({ own: [{ stack: { position: 3, size: 3, state: "blocked" } }] });
    ground.forge.check(strangers, "failing");
    await room.look();
    expect((await room.of(one)).status.status).toBe("mergeable");
  });

  test("case 7: one that was opened from any branch is found by what was made here", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    ground.made.set(session.id, ["made-here"]);
    ground.forge.open("fix", { head: { sha: "made-here" }, author: "bot" });
    ground.forge.open("other", { head: { sha: "not-made-here" }, author: "bot" });
    const room = ground.open();
    await room.look();
    const { own } = await room.of(session);
    expect(own).toMatchObject([{ pull: { attributedBy: "worktree", facts: { head: { branch: "fix" } } } }]);
  });

  test("the first owner stays, whatever the branch becomes; one unlinked by hand is not given back", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    const number = ground.forge.open(session.branch);
    const room = ground.open();
    await room.look();
    const [mine] = (await room.of(session)).own;
    ground.forge.change(number, { head: { repository: "team/app", branch: "renamed", sha: "x" } });
    await room.look();
    expect((await room.of(session)).own).toHaveLength(1);
    ground.forge.change(number, { head: { repository: "team/app", branch: session.branch, sha: "y" } });
    await room.unlink(ground.user, session.id, mine?.pull.id ?? "");
    await room.look();
    expect((await room.of(session)).own).toEqual([]);
  });

  test("what may have moved unseen is asked again: checks that have not begun, and now and then one that is still", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    const room = ground.open();
    const number = ground.forge.open(session.branch, {
      checks: { known: true, sha: `${session.branch}@1`, checks: [], requiredMissing: [] },
    });
    await room.look();
    await room.look();
    expect(ground.forge.looks.at(-1)?.pending).toEqual([{ number, headSha: `${session.branch}@1` }]);
    ground.forge.check(number, "passing");
    await room.look();
    await room.look();
    expect(ground.forge.looks.at(-1)?.pending).toEqual([]);
    ground.later(2 * 3_600_000);
    await room.look();
    expect(ground.forge.looks.at(-1)?.pending).toMatchObject([{ number }]);
    await room.look();
    expect(ground.forge.looks.at(-1)?.pending).toEqual([]);
  });

  test("what stands on the branch that another was merged into is asked again: it may conflict now", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    const mine = ground.forge.open(session.branch);
    const theirs = ground.forge.open("somebody-elses");
    for (const number of [mine, theirs]) ground.forge.check(number, "passing");
    const room = ground.open();
    await room.look();
    ground.forge.merge(theirs);
    await room.look();
    await room.look();
    expect(ground.forge.looks.at(-1)?.pending).toMatchObject([{ number: mine }]);
    await room.look();
    expect(ground.forge.looks.at(-1)?.pending).toEqual([]);
  });

  test("[I1] a forge that is away changes no fact, and its trouble is told in words", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    ground.forge.open(session.branch);
    const room = ground.open();
    await room.look();
    const before = await room.of(session);
    ground.forge.trouble = tokenRefusal("the token is not taken any more");
    await room.look();
    expect(await room.of(session)).toEqual(before);
    const [reading] = await room.forges(ground.user);
    expect(reading?.forge.trouble?.reason).toBe("the token is not taken any more");
    ground.forge.trouble = null;
    await room.look();
    expect((await room.forges(ground.user))[0]?.forge.trouble).toBeNull();
  });

  test("[I1] one that the forge does not know any more keeps its facts, and says so", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    const number = ground.forge.open(session.branch);
    const first = ground.open();
    await first.look();
    ground.forge.pulls.delete(number);
    const second = ground.open();
    await second.look();
    expect((await second.of(session)).own).toMatchObject([
      { pull: { facts: { number, state: "open" }, lookFailure: { reason: expect.stringContaining("not know") } } },
    ]);
  });
});

describe("what a person does", () => {
  test("merging moves what stands on it first, and refuses a head that moved", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    const bottom = ground.forge.open(session.branch);
    const top = ground.forge.open(`${session.branch}-top`, { base: { branch: session.branch } });
    const room = ground.open();
    await room.look();
    const own = (await room.of(session)).own.find(({ pull }) => pull.facts?.number === bottom);
    const at = { sessionId: session.id, pullId: own?.pull.id ?? "" };
    await expect(room.merge(ground.user, at, { headSha: "old", method: null })).rejects.toMatchObject({
      code: "conflict",
    });
    const headSha = own?.pull.facts?.head.sha ?? "";
    expect(await room.merge(ground.user, at, { headSha, method: "squash" })).toMatchObject({
      pull: { facts: { state: "merged" } },
    });
    expect(ground.forge.pulls.get(top)).toMatchObject({ base: { branch: "main" }, state: "open" });
    await room.look();
    const child = (await room.of(session)).own.find(({ pull }) => pull.facts?.number === top);
    expect(child?.stack).toMatchObject({ state: "ready", parentUrl: own?.pull.url });
  });

  test("opens one for the session, links one by hand without old news, and one without a forge unseen", async () => {
    const ground = await openPullsGround();
    const session = ground.addSession("one");
    const changed: string[] = [];
    const room = ground.open({
      changes: { session: (id) => void changed.push(id), repository() {}, notification() {} },
    });
    const opened = await room.open(ground.user, session.id, { title: "Mine", draft: true });
    expect(changed).toEqual([session.id]);
    expect(opened.pull).toMatchObject({ attributedBy: "opened-here", facts: { title: "Mine", draft: true } });
    const other = ground.forge.open("elsewhere", { author: "eve" });
    ground.forge.check(other, "failing");
    const linked = await room.link(ground.user, session.id, `https://forge.test/team/app/pulls/${other}`);
    expect(linked.pull).toMatchObject({ attributedBy: "by-hand", facts: { number: other } });
    const unseen = await room.link(ground.user, session.id, "https://nowhere.test/a/b/pull/1");
    expect(unseen.pull).toMatchObject({ facts: null, seenAt: null });
    await room.idle();
    expect(kinds(ground.told)).not.toContain("pull-checks-failed");
    await expect(room.link(ground.user, session.id, "javascript:alert(1)")).rejects.toMatchObject({ code: "invalid" });
    const stranger = { ...ground.user, id: "another" };
    await expect(room.link(stranger, session.id, "https://forge.test/team/app/pulls/1")).rejects.toMatchObject({
      code: "not-found",
    });
  });

  test("auto-merge waits until a check passed on that very head, and is tried once", async () => {
    const ground = await openPullsGround({ autoMerge: true });
    const session = ground.addSession("one");
    const number = ground.forge.open(session.branch);
    const { head } = ground.forge.pulls.get(number) ?? { head: { sha: "" } };
    const room = ground.open();
    const checks = (sha: string, states: "passing"[]) => ({
      checks: {
        known: true as const,
        sha,
        checks: states.map((state) => ({ name: "build", state, url: null, runId: null })),
        requiredMissing: [],
      },
    });
    ground.forge.change(number, checks(head.sha, []));
    await room.look();
    expect(ground.forge.pulls.get(number)?.state).toBe("open");
    ground.forge.change(number, checks("an older head", ["passing"]));
    await room.look();
    expect(ground.forge.pulls.get(number)?.state).toBe("open");
    ground.forge.change(number, checks(head.sha, ["passing"]));
    await room.look();
    expect(ground.forge.pulls.get(number)?.state).toBe("merged");
  });
});

describe("webhooks and printed addresses", () => {
  test("case 8: an address that was merely printed makes us look, and is a hint, never proof", async () => {
    vi.useFakeTimers();
    try {
      const ground = await openPullsGround();
      const session = ground.addSession("one");
      const room = ground.open();
      const number = ground.forge.open("elsewhere", { author: "eve" });
      const url = `https://forge.test/team/app/pulls/${number}`;
      for (let times = 0; times < 3; times += 1) room.printed(session.id, url);
      await vi.advanceTimersByTimeAsync(2_100);
      await room.idle();
      expect(ground.forge.looks).toHaveLength(1);
      expect(await room.of(session)).toMatchObject({ own: [], hints: [url] });
      await room.link(ground.user, session.id, url);
      expect(await room.of(session)).toMatchObject({ own: [{ pull: { attributedBy: "by-hand" } }], hints: [] });
    } finally {
      vi.useRealTimers();
    }
  });

  test("make us look, when they are signed, and say nothing else", async () => {
    vi.useFakeTimers();
    try {
      const ground = await openPullsGround();
      const session = ground.addSession("one");
      const room = ground.open();
      ground.forge.open(session.branch);
      expect(await room.deliver("forge-1", { headers: {}, body: Buffer.from("{}") })).toBe(false);
      expect(await room.deliver("unknown", ground.deliver())).toBe(false);
      expect(ground.forge.looks).toHaveLength(0);
      for (let times = 0; times < 5; times += 1) expect(await room.deliver("forge-1", ground.deliver())).toBe(true);
      await vi.advanceTimersByTimeAsync(2_100);
      await room.idle();
      expect(ground.forge.looks).toHaveLength(1);
      expect((await room.of(session)).own).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test("name what moved though no list shows it: it is asked for once, also by its head or its branch", async () => {
    vi.useFakeTimers();
    try {
      const ground = await openPullsGround();
      const session = ground.addSession("one");
      const number = ground.forge.open(session.branch);
      ground.forge.check(number, "passing");
      const room = ground.open();
      await room.look();
      await room.look();
      expect(ground.forge.looks.at(-1)?.pending).toEqual([]);
      const headSha = `${session.branch}@1`;
      for (const hint of [{ number }, { sha: headSha }, { branch: session.branch }, { branch: "main" }]) {
        await room.deliver("forge-1", ground.deliver(hint));
        await room.deliver("forge-1", ground.deliver({ number: 99, sha: "elsewhere", branch: "other" }));
        await vi.advanceTimersByTimeAsync(2_100);
        await room.idle();
        expect(ground.forge.looks.at(-1)?.pending).toEqual([{ number, headSha }]);
        await room.look();
        expect(ground.forge.looks.at(-1)?.pending).toEqual([]);
      }
    } finally {
      vi.useRealTimers();
    }
  });
});
