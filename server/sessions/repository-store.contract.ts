import { describe, expect, test } from "vitest";
import { sampleRepository, sampleTerminal, sampleUser, sampleWorktree } from "../fakes/sample-rows";
import { type OpenStores, readPages, seed } from "../store/testing/contract-stores";
import type { RepositoryPatch } from "./repository-store";

const at = new Date("2026-03-04T05:06:07.089Z");

export function repositoryStoreContract(name: string, open: OpenStores): void {
  describe(`repositories in ${name}`, () => {
    test("a row comes back as it was written, settings and all", async () => {
      const stores = open();
      const { user, repository } = await seed(stores);
      const patch: RepositoryPatch = {
        name: "Motor 🚗",
        defaultBranch: null,
        settings: { ...repository.settings, env: { A: "1", "B.c": "ü\n" }, copyFiles: [".env"], image: "node:20" },
        clonedAt: at,
        cloneFailure: { reason: "fatal: 'x' is no repository", at },
        deletingAt: at,
      };
      expect(await stores.repositories.update(repository.id, patch)).toEqual({ ...repository, ...patch });
      expect(await stores.repositories.getFor(user.id, repository.id)).toEqual({ ...repository, ...patch });
      const cleared = await stores.repositories.update(repository.id, { cloneFailure: null });
      expect(cleared.cloneFailure).toBeNull();
      expect((await stores.repositories.listAll()).map(({ id }) => id)).toContain(repository.id);
    });

    test("the same clone URL twice is a conflict for one user and none for two", async () => {
      const stores = open();
      const { user, repository } = await seed(stores);
      const { cloneUrl } = repository;
      const twice = stores.repositories.create(sampleRepository(user.id, { cloneUrl }), null);
      await expect(twice).rejects.toMatchObject({ code: "conflict" });
      const other = sampleUser();
      await stores.accounts.ensureOwner(other);
      await stores.repositories.create(sampleRepository(other.id, { cloneUrl }), null);
    });

    test("of many that register one URL at the same time one wins", async () => {
      const stores = open();
      const user = sampleUser();
      await stores.accounts.ensureOwner(user);
      const cloneUrl = "https://example.com/one.git";
      const tries = Array.from({ length: 10 }, () =>
        stores.repositories.create(sampleRepository(user.id, { cloneUrl }), null),
      );
      const outcomes = await Promise.allSettled(tries);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect((await stores.repositories.list(user.id, { limit: 50 })).items).toHaveLength(1);
    });

    test("[I9] another user's repository is null and in no list; pages hold every row once", async () => {
      const stores = open();
      const { user, repository } = await seed(stores);
      const other = sampleUser();
      await stores.accounts.ensureOwner(other);
      const second = sampleRepository(user.id);
      await stores.repositories.create(second, null);
      expect(await stores.repositories.getFor(other.id, repository.id)).toBeNull();
      expect((await stores.repositories.list(other.id, { limit: 50 })).items).toEqual([]);
      const pages = await readPages((cursor) => stores.repositories.list(user.id, { limit: 1, ...cursor }));
      expect(pages.flat().map(({ id }) => id)).toEqual([repository.id, second.id].sort().reverse());
    });

    test("[I7] a secret is given by `secret` alone, and goes with its repository", async () => {
      const stores = open();
      const { user, repository } = await seed(stores);
      const withSecret = sampleRepository(user.id);
      await stores.repositories.create(withSecret, "ghp_geheim 🔑");
      expect(await stores.repositories.secret(withSecret.id)).toBe("ghp_geheim 🔑");
      expect(await stores.repositories.secret(repository.id)).toBeNull();
      expect(JSON.stringify(await stores.repositories.listAll())).not.toContain("ecret");
      await stores.repositories.update(withSecret.id, { name: "renamed" });
      expect(await stores.repositories.secret(withSecret.id)).toBe("ghp_geheim 🔑");
      await stores.repositories.delete(withSecret.id);
      expect(await stores.repositories.secret(withSecret.id)).toBeNull();
    });

    test("deleting takes its sessions, worktree records and terminals along, and may be repeated", async () => {
      const stores = open();
      const { repository, session } = await seed(stores);
      const untouched = await seed(stores);
      const terminal = sampleTerminal(session.id);
      await stores.terminals.create(terminal);
      await stores.worktrees.ensure(sampleWorktree(session));
      await stores.repositories.delete(repository.id);
      await stores.repositories.delete(repository.id);
      expect(await stores.repositories.get(repository.id)).toBeNull();
      expect(await stores.sessions.get(session.id)).toBeNull();
      expect(await stores.terminals.get(terminal.id)).toBeNull();
      expect(await stores.worktrees.listByRepository(repository.id)).toEqual([]);
      expect(await stores.sessions.get(untouched.session.id)).toEqual(untouched.session);
      const write = stores.repositories.update(repository.id, { name: "gone" });
      await expect(write).rejects.toMatchObject({ code: "not-found" });
    });
  });
}
