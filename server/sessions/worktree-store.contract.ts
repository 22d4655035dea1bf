import { describe, expect, test } from "vitest";
import { sampleSession, sampleWorktree } from "../fakes/sample-rows";
import { type OpenStores, seed } from "../store/testing/contract-stores";

const at = new Date("2026-03-04T05:06:07.089Z");

export function worktreeStoreContract(name: string, open: OpenStores): void {
  describe(`worktrees in ${name}`, () => {
    test("a session has one record, however many ask for it at the same time", async () => {
      const stores = open();
      const { repository, session } = await seed(stores);
      const wanted = Array.from({ length: 10 }, () => sampleWorktree(session));
      const got = await Promise.all(wanted.map((worktree) => stores.worktrees.ensure(worktree)));
      expect(new Set(got.map(({ id }) => id)).size).toBe(1);
      expect(await stores.worktrees.listByRepository(repository.id)).toEqual([got[0]]);
      expect(await stores.worktrees.getBySession(session.id)).toEqual(got[0]);
      expect(await stores.worktrees.getBySession("nobody")).toBeNull();
    });

    test("the path of another session's worktree is a conflict", async () => {
      const stores = open();
      const { repository, session } = await seed(stores);
      const other = sampleSession(repository);
      await stores.sessions.create(other);
      const { path } = await stores.worktrees.ensure(sampleWorktree(session));
      await expect(stores.worktrees.ensure(sampleWorktree(other, { path }))).rejects.toMatchObject({
        code: "conflict",
      });
    });

    test("those set aside and not purged are listed, oldest first", async () => {
      const stores = open();
      const { repository } = await seed(stores);
      const made = [];
      for (const ms of [2, 0, 1, null]) {
        const session = sampleSession(repository);
        await stores.sessions.create(session);
        const setAsideAt = ms === null ? null : new Date(at.getTime() + ms);
        made.push(await stores.worktrees.ensure(sampleWorktree(session, { setAsideAt, setAsidePath: "/aside" })));
      }
      const [second, first, purged] = made.map(({ id }) => id);
      const reason = "disk-short" as const;
      const updated = await stores.worktrees.update(purged ?? "", { purged: { at, reason } });
      expect(updated.purged).toEqual({ at, reason });
      const own = new Set(made.map(({ id }) => id));
      const listed = (await stores.worktrees.listSetAside()).map(({ id }) => id).filter((id) => own.has(id));
      expect(listed).toEqual([first, second]);
    });

    test("one that is gone is not-found to write", async () => {
      const write = open().worktrees.update("nobody", { madeAt: at });
      await expect(write).rejects.toMatchObject({ code: "not-found" });
    });
  });
}
