import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Nudge, Pull } from "../domain/pull";
import { samplePull } from "../fakes/sample-pull";
import { type OpenStores, seed } from "../store/testing/contract-stores";

const at = new Date("2026-03-04T05:06:07.089Z");

export function pullStoreContract(name: string, open: OpenStores): void {
  const seeded = async () => {
    const stores = open();
    const { user, repository, session } = await seed(stores);
    const pull = (number: number, row: Partial<Pull> = {}) =>
      samplePull(number, {}, { id: randomUUID(), repositoryId: repository.id, sessionId: session.id, ...row });
    return { ...{ stores, user, repository, session, pull }, pulls: stores.pulls };
  };

  describe(`pull requests in ${name}`, () => {
    test("are given back as they were stored, facts and all; an address is followed once", async () => {
      const { pulls, repository, pull } = await seeded();
      const movedFor = { pullId: "p", from: "topic", to: "main" };
      const row = pull(1, { lookFailure: { reason: "away", at }, formerBases: ["topic"], movedFor });
      const first = await pulls.create(row);
      expect(await pulls.get(first.id)).toEqual(first);
      expect((await pulls.create(pull(1))).id).toBe(first.id);
      const bare = await pulls.create(pull(2, { facts: null, seenAt: null }));
      expect((await pulls.listByRepository(repository.id)).map(({ id }) => id)).toEqual([first.id, bare.id]);
      const moved = await pulls.update(first.id, { sessionId: null, unlinkedFrom: ["s"], lookFailure: null });
      expect(moved).toEqual({ ...first, sessionId: null, unlinkedFrom: ["s"], lookFailure: null });
    });

    test("what was made in a worktree is kept once, however often it is told", async () => {
      const { pulls, repository, session } = await seeded();
      await pulls.addMade(session.id, ["a", "b"]);
      await pulls.addMade(session.id, ["b", "c"]);
      const made = await pulls.madeIn(repository.id);
      expect(made.map(({ sha }) => sha).toSorted()).toEqual(["a", "b", "c"]);
      expect(await pulls.madeIn(randomUUID())).toEqual([]);
    });

    test("a claim and a nudge are the first one's alone", async () => {
      const { pulls, pull } = await seeded();
      const { id } = await pulls.create(pull(1));
      const claims = await Promise.all(
        [1, 2, 3].map(() => pulls.claim({ pullId: id, kind: "pull-merged", signature: "merged" }, at)),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      const other = { pullId: id, kind: "pull-closed", signature: "merged" };
      expect(await pulls.claimed(other)).toEqual([]);
      expect(await pulls.claim(other, at)).toBe(true);
      expect(await pulls.claim({ ...other, signature: "again" }, at)).toBe(true);
      expect((await pulls.claimed(other)).toSorted()).toEqual(["again", "merged"]);
      const nudge = (): Nudge => ({
        ...{ id: randomUUID(), pullId: id, kind: "checks", signature: "s", text: "Mend it.", createdAt: at },
        ...{ doneAt: null, settledAt: null },
      });
      const first = nudge();
      expect(await pulls.addNudge(first)).toBe(true);
      expect(await pulls.addNudge(nudge())).toBe(false);
      await pulls.updateNudge(first.id, { doneAt: at });
      expect(await pulls.nudges([id])).toEqual([{ ...first, doneAt: at }]);
      expect(await pulls.nudges([])).toEqual([]);
    });

    test("a look goes on where the last one ended", async () => {
      const { pulls, repository } = await seeded();
      expect(await pulls.look(repository.id)).toEqual({ cursor: null, path: null, trouble: null });
      const trouble = { reason: "It is gone.", since: at };
      await pulls.setLook(repository.id, { trouble });
      expect(await pulls.look(repository.id)).toEqual({ cursor: null, path: null, trouble });
      await pulls.setLook(repository.id, { cursor: "one", path: "team/app", trouble: null });
      await pulls.setLook(repository.id, { cursor: "two" });
      expect(await pulls.look(repository.id)).toEqual({ cursor: "two", path: "team/app", trouble: null });
    });
  });

  describe(`forges in ${name}`, () => {
    test("are listed without their secrets, which change with the token alone", async () => {
      const { stores, user } = await seeded();
      const { forges } = stores;
      const forge = {
        ...{ id: randomUUID(), userId: user.id, kind: "forgejo" as const, url: "https://forge.test" },
        ...{ account: { login: "ada", name: null, missing: ["admin: webhooks"] }, trouble: null, createdAt: at },
      };
      await forges.create(forge, { token: "t-1", webhookSecret: "w" });
      expect(await forges.list(user.id)).toEqual([forge]);
      expect(await forges.list(randomUUID())).toEqual([]);
      await expect(
        forges.create({ ...forge, id: randomUUID() }, { token: "", webhookSecret: "" }),
      ).rejects.toMatchObject({
        code: "conflict",
      });
      const trouble = { reason: "401", since: at };
      expect(await forges.update(forge.id, { trouble, token: "t-2" })).toEqual({ ...forge, trouble });
      expect(await forges.secrets(forge.id)).toEqual({ token: "t-2", webhookSecret: "w" });
      await forges.delete(forge.id);
      expect(await forges.get(forge.id)).toBeNull();
      expect(await forges.secrets(forge.id)).toBeNull();
    });
  });
}
