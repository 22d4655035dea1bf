import { expect, test } from "vitest";
import type { Log } from "../kit/log";
import { holdLease, type Leases, leaseNumberAt } from "./hold-lease";

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };

/** One row, as the store keeps it. */
function memoryLeases(number = 0) {
  const row = { number, owner: "", expiresAt: new Date(0) };
  const leases: Leases = {
    async take({ owner, ttlMs, now, atLeast }) {
      if (row.expiresAt > now && row.owner !== owner)
        return { kind: "held", heldBy: row.owner, expiresAt: row.expiresAt };
      Object.assign(row, { owner, expiresAt: new Date(now.getTime() + ttlMs) });
      row.number = Math.max(row.number + 1, atLeast);
      return { kind: "taken", number: row.number };
    },
    async renew({ number, ttlMs, now }) {
      if (number !== row.number) return false;
      row.expiresAt = new Date(now.getTime() + ttlMs);
      return true;
    },
    async release({ number, now }) {
      if (number === row.number) row.expiresAt = now;
    },
  };
  return { row, leases };
}

const signal = new AbortController().signal;
const pace = { ttlMs: 300, renewMs: 20, lookMs: 10 };
const around = (leases: Leases, owner: string) => ({
  leases,
  owner,
  above: 0,
  now: () => new Date(),
  log: quiet,
  signal,
  pace,
});

test("our own lease from before is taken at once, with a number that grew", async () => {
  const { leases } = memoryLeases();
  const first = await holdLease(around(leases, "here"));
  const second = await holdLease(around(leases, "here"));
  expect(second.number).toBe(first.number + 1);
  await first.release();
  await second.release();
});

test("another's lease is waited for until it is let go", async () => {
  const { leases } = memoryLeases();
  const first = await holdLease(around(leases, "there"));
  // Ready to wait for so long that a machine that stands still between two looks is no refusal.
  const second = holdLease({ ...around(leases, "here"), pace: { ...pace, ttlMs: 60_000, renewMs: 30_000 } });
  await first.release();
  expect((await second).number).toBeGreaterThan(first.number);
  await (await second).release();
});

test("another's lease that is renewed all along is a refusal that names it", async () => {
  const { leases } = memoryLeases();
  // Good for so long that a machine that stands still between two renewals does not end it.
  const first = await holdLease({ ...around(leases, "there"), pace: { ...pace, ttlMs: 60_000 } });
  const second = holdLease(around(leases, "here")).catch((error: unknown) => String(error));
  expect(await second).toContain("there");
  await first.release();
});

test("a lease that another took is lost, and so is one that could not be renewed for its time", async () => {
  const taken = memoryLeases();
  const first = await holdLease(around(taken.leases, "here"));
  taken.row.number += 1;
  expect(await first.lost).toContain("another server");
  await first.release();

  const { leases } = memoryLeases();
  const second = await holdLease(around({ ...leases, renew: () => Promise.reject(new Error("away")) }, "here"));
  expect(await second.lost).toContain("did not answer");
  await second.release();
});

const day = (date: string) => ({ now: () => new Date(date) });

test("a server on a database that was restored has a number above those of all servers since the backup", async () => {
  const atBackup = { ...around(memoryLeases(3).leases, "here"), ...day("2026-03-01T00:00:00Z") };
  const backedUp = await holdLease(atBackup);
  const since = { ...around(memoryLeases(backedUp.number).leases, "here"), ...day("2026-03-02T00:00:00Z") };
  const last = [await holdLease(since), await holdLease(since), await holdLease(since)];
  const restored = { ...around(memoryLeases(backedUp.number).leases, "here"), ...day("2026-03-02T01:00:00Z") };
  const lease = await holdLease(restored);
  expect(lease.number).toBeGreaterThan(Math.max(...last.map(({ number }) => number)));
  for (const each of [backedUp, ...last, lease]) await each.release();
});

test("the number is above every one that was used on the data directory, also where the clock was set back", async () => {
  const { leases } = memoryLeases();
  const lease = await holdLease({ ...around(leases, "here"), ...day("1970-01-01T00:00:00Z"), above: 41 });
  expect(lease.number).toBe(42);
  await lease.release();
});

test("a number fits where the database keeps it for as long as anyone runs this", () => {
  expect(leaseNumberAt(new Date("2085-01-01T00:00:00Z"))).toBeLessThan(2 ** 31);
});

test("[I1] a database that never answers at all is lost too, and holds up no stop", async () => {
  const { leases } = memoryLeases();
  const lease = await holdLease(around({ ...leases, renew: () => new Promise(() => {}) }, "here"));
  expect(await lease.lost).toMatch("did not answer");
  await lease.release();
});
