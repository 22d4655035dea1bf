import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sampleUser } from "../fakes/sample-rows";
import { type OpenStores, seed } from "../store/testing/contract-stores";

const at = new Date("2026-03-04T05:06:07.089Z");
const before = new Date(at.getTime() - 1);

export function accountStoreContract(name: string, open: OpenStores): void {
  describe(`accounts in ${name}`, () => {
    test("the owner is made once, however many ask at the same time, and then stays as they are", async () => {
      const { accounts } = open();
      const owner = sampleUser();
      const made = await Promise.all(Array.from({ length: 10 }, () => accounts.ensureOwner(owner)));
      expect(made).toEqual(Array.from({ length: 10 }, () => owner));
      expect(await accounts.updateUser(owner.id, { name: "Grace" })).toEqual({ ...owner, name: "Grace" });
      expect(await accounts.ensureOwner(owner)).toEqual({ ...owner, name: "Grace" });
      expect(await accounts.getUser(owner.id)).toEqual({ ...owner, name: "Grace" });
      expect(await accounts.getUser("nobody")).toBeNull();
      await expect(accounts.updateUser("nobody", { name: "x" })).rejects.toMatchObject({ code: "not-found" });
    });

    test("of many that take one link at the same time one gets the user", async () => {
      const stores = open();
      const { user } = await seed(stores);
      const tokenHash = randomUUID();
      await stores.accounts.createLink({ tokenHash, userId: user.id, expiresAt: at });
      const taken = await Promise.all(Array.from({ length: 10 }, () => stores.accounts.takeLink(tokenHash, before)));
      expect(taken.filter((got) => got !== null)).toEqual([user]);
      expect(await stores.accounts.takeLink("unknown", before)).toBeNull();
    });

    test("a link or a login is good until its time and not at it, and then is swept", async () => {
      const stores = open();
      const { user } = await seed(stores);
      const tokenHash = randomUUID();
      await stores.accounts.createLink({ tokenHash, userId: user.id, expiresAt: at });
      expect(await stores.accounts.takeLink(tokenHash, at)).toBeNull();
      const login = { id: randomUUID(), tokenHash, userId: user.id, createdAt: before, expiresAt: at };
      await stores.accounts.createLogin(login);
      expect(await stores.accounts.getLogin(tokenHash, before)).toEqual({ login, user });
      expect(await stores.accounts.getLogin(tokenHash, at)).toBeNull();
      await stores.accounts.sweep(before);
      expect(await stores.accounts.getLogin(tokenHash, before)).not.toBeNull();
      await stores.accounts.sweep(at);
      expect(await stores.accounts.getLogin(tokenHash, before)).toBeNull();
      expect(await stores.accounts.takeLink(tokenHash, before)).toBeNull();
    });

    test("signing out ends that browser alone, and may be repeated", async () => {
      const stores = open();
      const { user } = await seed(stores);
      const logins = [randomUUID(), randomUUID()].map((id) => ({
        ...{ id, tokenHash: `hash-${id}`, userId: user.id },
        ...{ createdAt: before, expiresAt: at },
      }));
      for (const login of logins) await stores.accounts.createLogin(login);
      const [first, second] = logins;
      await stores.accounts.deleteLogin(first?.id ?? "");
      await stores.accounts.deleteLogin(first?.id ?? "");
      expect(await stores.accounts.getLogin(first?.tokenHash ?? "", before)).toBeNull();
      expect(await stores.accounts.getLogin(second?.tokenHash ?? "", before)).not.toBeNull();
    });
  });
}
