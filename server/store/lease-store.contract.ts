import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { LeaseStore } from "./lease-store";

const now = new Date("2026-05-06T07:08:09.123Z");
const plus = (ms: number) => new Date(now.getTime() + ms);

export function leaseStoreContract(name: string, open: () => LeaseStore): void {
  describe(`leases in ${name}`, () => {
    test("one holds it; another gets it when it has run out or was released, with a greater number each time", async () => {
      const leases = open();
      const lease = { name: randomUUID(), ttlMs: 1000, force: false, atLeast: 1 };
      expect(await leases.take({ ...lease, owner: "a", now })).toEqual({ kind: "taken", number: 1 });
      const held = { kind: "held", heldBy: "a", expiresAt: plus(1000) };
      expect(await leases.take({ ...lease, owner: "b", now: plus(999) })).toEqual(held);
      expect(await leases.take({ ...lease, owner: "b", now: plus(1000) })).toEqual({ kind: "taken", number: 2 });
      await leases.release({ name: lease.name, number: 2, now: plus(1001) });
      expect(await leases.take({ ...lease, owner: "a", now: plus(1001) })).toEqual({ kind: "taken", number: 3 });
      expect(await leases.take({ ...lease, owner: "a", now: plus(1002) })).toEqual({ kind: "taken", number: 4 });
    });

    test("renewing keeps it; one who lost it is told and takes nothing back", async () => {
      const leases = open();
      const lease = { name: randomUUID(), ttlMs: 1000, atLeast: 1 };
      await leases.take({ ...lease, owner: "a", now, force: false });
      expect(await leases.renew({ ...lease, number: 1, now: plus(900) })).toBe(true);
      const early = await leases.take({ ...lease, owner: "b", now: plus(1500), force: false });
      expect(early).toMatchObject({ kind: "held", heldBy: "a", expiresAt: plus(1900) });
      const forced = await leases.take({ ...lease, owner: "b", now: plus(1500), force: true });
      expect(forced).toEqual({ kind: "taken", number: 2 });
      expect(await leases.renew({ ...lease, number: 1, now: plus(1600) })).toBe(false);
      await leases.release({ ...lease, number: 1, now: plus(1600) });
      const still = await leases.take({ ...lease, owner: "c", now: plus(1600), force: false });
      expect(still).toMatchObject({ kind: "held", heldBy: "b" });
    });

    test("the number is what it is at least to be, or one more than the last, and never smaller", async () => {
      const leases = open();
      const lease = { name: randomUUID(), owner: "a", ttlMs: 1000, now, force: false };
      const numbers = [];
      for (const atLeast of [7, 3, 1_000_000_000, 8]) numbers.push(await leases.take({ ...lease, atLeast }));
      expect(numbers).toEqual([7, 8, 1_000_000_000, 1_000_000_001].map((number) => ({ kind: "taken", number })));
      const held = await leases.take({ ...lease, owner: "b", atLeast: 2_000_000_000 });
      expect(held).toMatchObject({ kind: "held", heldBy: "a" });
    });

    test("of 50 that want it at the same time one gets it, and 50 that force it get 50 numbers", async () => {
      const leases = open();
      const lease = { name: randomUUID(), ttlMs: 1000, now, atLeast: 1 };
      const all = (force: boolean) =>
        Promise.all(Array.from({ length: 50 }, (_, at) => leases.take({ ...lease, owner: `owner-${at}`, force })));
      const first = await all(false);
      expect(first.filter(({ kind }) => kind === "taken")).toEqual([{ kind: "taken", number: 1 }]);
      const numbers = (await all(true)).map((claim) => (claim.kind === "taken" ? claim.number : 0));
      expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, at) => at + 2));
    });
  });
}
