import { beforeAll, describe, expect, test, vi } from "vitest";
import type { PullFacts } from "../domain/pull";
import type { ForgeClient } from "../pulls/forge-client";
import { openWord } from "../pulls/session-status";
import { checksSummary, reviewSummary } from "../pulls/summaries";
import { contractInTrouble } from "./forge-trouble.contract";
import type { ContractForge } from "./testing/contract-forge";

/** What every adapter of the port does, on whatever forge: one works out in the background what a push changes. */
export function contractOfForgeClient(name: string, ground: () => ContractForge): void {
  describe(`the port of forges: ${name}`, () => {
    let client: ForgeClient;
    beforeAll(() => {
      client = ground().client();
    });
    const open = async (branch: string, { base = "main", title = `About ${branch}`, draft = false } = {}) => {
      await ground().push(branch, base);
      return client.openPull(ground().path, { title, body: "Why.", base, head: branch, draft });
    };
    const read = (number: number) => client.readPull(ground().path, number);
    const merge = ({ number, head }: PullFacts, deleteBranch = false) =>
      client.merge(ground().path, number, { headSha: head.sha, method: "merge", deleteBranch });

    /** A forge takes its time for this, and some merge nothing before. */
    const settled = ({ number, head }: PullFacts) =>
      vi.waitFor(async () => {
        const pending = [{ number, headSha: head.sha }];
        const later = new Date(Date.now() + 300_000).toISOString();
        const { pulls } = await client.listPulls(ground().path, { cursor: later, full: false, pending });
        expect(pulls).toMatchObject([{ number, mergeability: { known: true, state: "clean" } }]);
      });

    test("a token is checked, and the repository is known by its path", async () => {
      expect(await client.check()).toMatchObject({ login: ground().owner, missing: [] });
      expect(await client.repository(ground().path)).toMatchObject({ path: ground().path, defaultBranch: "main" });
      await expect(client.repository(`${ground().owner}/none`)).rejects.toMatchObject({ code: "not-found" });
      const none = client.listPulls(`${ground().owner}/none`, { cursor: null, full: true, pending: [] });
      await expect(none).rejects.toMatchObject({ code: "not-found" });
    });

    test("what was just opened is seen whole, and its address is known for what it is", async () => {
      const facts = await open("topic/one");
      expect(facts).toMatchObject({
        ...{ repository: ground().path, state: "open", draft: false, author: ground().owner, mergedAt: null },
        head: { repository: ground().path, branch: "topic/one", sha: expect.stringMatching(/^[0-9a-f]{40}$/) },
        ...{ base: { branch: "main" }, nativeStack: null, autoMerge: false },
      });
      await vi.waitFor(async () => expect((await read(facts.number)).mergeability).toMatchObject({ state: "clean" }));
      expect(checksSummary(facts).state).toBe("none");
      expect(reviewSummary(facts).state).toBe("none");
      expect(client.parsePullUrl(facts.url)).toEqual({ path: ground().path, number: facts.number });
      expect(client.parsePullUrl(`${facts.url}/files?w=1#diff`)).toEqual({ path: ground().path, number: facts.number });
      expect(client.parsePullUrl(`https://elsewhere.test/${ground().path}/1`)).toBeNull();
      await expect(read(987_654)).rejects.toMatchObject({ code: "not-found" });
    });

    test("a title comes as it was written", async () => {
      const title = "<img src=x onerror=alert(1)> \u202Egnirts\u202C 👩🏽‍🚀 “&amp;”";
      expect(await open("titled", { title })).toMatchObject({ title });
    });

    test("checks are pending, pass and fail; a neutral one does neither", async () => {
      const { number, head } = await open("checked");
      await ground().setCheck(head.sha, "build", "passing");
      await ground().setCheck(head.sha, "spelling", "neutral");
      await ground().setCheck(head.sha, "lint", "pending");
      expect(checksSummary(await read(number))).toMatchObject({ state: "pending", passed: 1, pending: 1, failing: [] });
      await ground().setCheck(head.sha, "lint", "failing");
      expect(checksSummary(await read(number))).toMatchObject({ state: "failing", failing: [{ name: "lint" }] });
      await ground().setCheck(head.sha, "lint", "passing");
      const passed = await read(number);
      expect(checksSummary(passed)).toMatchObject({ state: "passing", passed: 2 });
      await vi.waitFor(async () => expect(openWord(await read(number))).toBe("mergeable"));
      await ground().push("checked", "checked");
      await vi.waitFor(async () => expect(checksSummary(await read(number)).state).toBe("none"));
    });

    test("the latest word of each reviewer counts, and threads are open until they are resolved", async () => {
      const { number } = await open("reviewed");
      const { reviewer, path } = ground();
      const asked = await client.requestReview(path, number, [reviewer]);
      expect(reviewSummary(asked)).toMatchObject({
        state: "pending",
        reviewers: [{ name: reviewer, state: "pending" }],
      });
      await ground().review(number, "request-changes", [{ path: "reviewed.txt", line: 1, body: "Not so." }]);
      expect(reviewSummary(await read(number))).toMatchObject({ state: "changes-requested", unresolvedThreads: 1 });
      expect(await client.comments(path, number)).toContainEqual(
        expect.objectContaining({
          ...{ author: reviewer, path: "reviewed.txt", line: 1, body: "Not so.", resolved: false },
          ...{ threadId: expect.any(String), authorMayWrite: true, at: expect.any(Date) },
        }),
      );
      await ground().review(number, "approve");
      const approved = await read(number);
      expect(reviewSummary(approved)).toMatchObject({ state: "approved", unresolvedThreads: 1 });
      expect(openWord(approved)).toBe("review_pending");
    });

    test("each word of a reviewer has an id of its own, where the forge has one, and who was only asked has none", async () => {
      const { number } = await open("worded-twice");
      const { reviewer, path, hasWordIds } = ground();
      const word = async () => {
        const { reviewers } = reviewSummary(await read(number));
        expect(reviewers).toMatchObject([{ name: reviewer }]);
        return reviewers[0]?.wordId;
      };
      await client.requestReview(path, number, [reviewer]);
      expect(await word()).toBeUndefined();
      const words: (string | undefined)[] = [];
      for (const said of ["request-changes", "request-changes", "approve"] as const) {
        await ground().review(number, said);
        words.push(await word());
        expect(await word()).toBe(words.at(-1));
      }
      expect(new Set(words).size).toBe(hasWordIds ? 3 : 1);
      expect(words.includes(undefined)).toBe(!hasWordIds);
    });

    test("a conflict is seen, and nothing that conflicts is merged", async () => {
      await ground().pushConflicting("conflicting");
      const wanted = { title: "Conflicting", body: "", base: "main", head: "conflicting", draft: false };
      const { number } = await client.openPull(ground().path, wanted);
      await vi.waitFor(async () =>
        expect(await read(number)).toMatchObject({ mergeability: { known: true, state: "conflict" } }),
      );
      await expect(merge(await read(number))).rejects.toMatchObject({
        code: expect.stringMatching(/refused|conflict/),
      });
      expect(await read(number)).toMatchObject({ state: "open" });
    });

    test("whether it can be merged is worked out anew after a push to it, and to its base", async () => {
      const pull = await open("settling");
      await ground().push("settling", "settling");
      await settled(pull);
      await ground().push("main", "main");
      await settled(pull);
    });

    test("a draft is one", async () => {
      expect(await open("drafted", { draft: true })).toMatchObject({ draft: true });
    });

    test("a look gives all open ones first, then what moved, ended or is asked for", async () => {
      const { path } = ground();
      const [still, ending, closing] = [await open("still"), await open("ending"), await open("closing")];
      const first = await client.listPulls(path, { cursor: null, full: true, pending: [] });
      expect(first.open).toEqual(expect.arrayContaining([still.number, ending.number, closing.number]));
      expect(first.pulls.map(({ state }) => state)).not.toContain("merged");
      expect(first.pulls.find(({ number }) => number === still.number)).toMatchObject({ checks: { known: true } });
      await settled(ending);
      await merge(ending);
      await ground().close(closing.number);
      const next = await client.listPulls(path, { cursor: first.cursor, full: false, pending: [] });
      expect(next.open).toBeNull();
      expect(next.pulls.find(({ number }) => number === ending.number)).toMatchObject({ state: "merged" });
      expect(next.pulls.find(({ number }) => number === closing.number)).toMatchObject({ state: "closed" });
      const later = new Date(Date.now() + 300_000).toISOString();
      expect(await client.listPulls(path, { cursor: later, full: false, pending: [] })).toMatchObject({ pulls: [] });
      await ground().setCheck(still.head.sha, "late", "failing");
      const pending = [{ number: still.number, headSha: still.head.sha }];
      const asked = await client.listPulls(path, { cursor: later, full: false, pending });
      expect(asked.pulls.map((pull) => [pull.number, checksSummary(pull).state])).toEqual([[still.number, "failing"]]);
      // After a start: all open ones, and those that ended while nobody looked.
      const again = await ground().client().listPulls(path, { cursor: first.cursor, full: true, pending: [] });
      expect(again.open).toContain(still.number);
      expect(again.open).not.toContain(ending.number);
      expect(again.pulls.find(({ number }) => number === ending.number)).toMatchObject({ state: "merged" });
    });

    test("a quiet look costs two requests at the most", async () => {
      const { path } = ground();
      const { cursor } = await client.listPulls(path, { cursor: null, full: true, pending: [] });
      const later = new Date(new Date(cursor).getTime() + 300_000).toISOString();
      const before = client.budget().requests;
      await client.listPulls(path, { cursor: later, full: false, pending: [] });
      expect(client.budget().requests - before).toBeLessThanOrEqual(2);
    });

    test("a head that moved is not merged; one that did not is, once", async () => {
      const pull = await open("moving");
      await ground().push("moving", "moving");
      await settled(pull);
      await expect(merge(pull)).rejects.toMatchObject({ code: "conflict" });
      await vi.waitFor(async () => expect((await read(pull.number)).head.sha).not.toBe(pull.head.sha));
      const merged = await merge(await read(pull.number), true);
      expect(merged).toMatchObject({ state: "merged", mergedAt: expect.any(Date), mergeSha: expect.any(String) });
      await expect(merge(merged)).rejects.toMatchObject({ code: expect.stringMatching(/refused|conflict/) });
      // Its branch is deleted, and still the name of what was merged.
      expect((await read(pull.number)).head.branch).toBe("moving");
    });

    test("a child is retargeted, and brought up to date", async () => {
      await open("bottom");
      const child = await open("top", { base: "bottom" });
      expect(child).toMatchObject({ base: { branch: "bottom" } });
      expect(await client.retarget(ground().path, child.number, "main")).toMatchObject({ base: { branch: "main" } });
      await ground().push("main", "main");
      await client.update(ground().path, child.number, { headSha: (await read(child.number)).head.sha });
      await vi.waitFor(async () => expect((await read(child.number)).head.sha).not.toBe(child.head.sha));
      const stale = client.update(ground().path, child.number, { headSha: child.head.sha });
      await expect(stale).rejects.toMatchObject({ code: "conflict" });
    });

    test("the fork of a pull request may be gone", async () => {
      const number = await ground().openFromGoneFork();
      const facts = await read(number);
      expect(facts).toMatchObject({ head: { repository: null } });
      const { pulls } = await client.listPulls(ground().path, { cursor: null, full: true, pending: [] });
      const listed = pulls.filter((pull) => pull.number === number).map(({ head }) => head.repository);
      // A forge may close it with its fork.
      expect(listed).toEqual(facts.state === "open" ? [null] : []);
    });

    test("very many checks and comments are all counted", async () => {
      const { many, path } = ground();
      const { number, head } = await open("crowded");
      for (let index = 0; index < many.checks; index += 1)
        await ground().setCheck(head.sha, `check ${index}`, index === 0 ? "failing" : "passing");
      const comments = Array.from({ length: many.comments }, (_, index) => ({
        path: "crowded.txt",
        line: 1,
        body: `#${index}`,
      }));
      await ground().review(number, "comment", comments);
      const facts = await read(number);
      expect(checksSummary(facts)).toMatchObject({ state: "failing", passed: many.checks - 1 });
      expect(facts.review).toMatchObject({ known: true });
      expect(await client.comments(path, number)).toHaveLength(many.comments);
    }, 300_000);

    contractInTrouble(ground, () => open("outlasting"));
  });
}
