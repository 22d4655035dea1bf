import { type Database, isTaken } from "./database";

export type LeaseClaim = { kind: "taken"; number: number } | { kind: "held"; heldBy: string; expiresAt: Date };

type WantedLease = {
  name: string;
  owner: string;
  ttlMs: number;
  now: Date;
  force: boolean;
  atLeast: number;
};

const maxAttempts = 10;

/**
 * The right to be the one active server. `number` grows with every taking and survives the release: holders refuse a
 * smaller one, so a server that was thought dead can write to no shell. Clocks of servers may differ by less than the ttl.
 */
export class LeaseStore {
  constructor(private readonly database: Database) {}

  /** `force` takes it from a holder that is still good, as `owner` does from itself. The number is at least `atLeast`. */
  async take(wanted: WantedLease): Promise<LeaseClaim> {
    const { name, owner, now, atLeast } = wanted;
    const expiresAt = new Date(now.getTime() + wanted.ttlMs);
    const free = wanted.force ? {} : { OR: [{ expiresAt: { lte: now } }, { owner }] };
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const changes = [
        { when: { lt: atLeast }, number: atLeast },
        { when: { gte: atLeast }, number: { increment: 1 } },
      ];
      for (const { when, number } of changes) {
        const where = { name, ...free, number: when };
        const [taken] = await this.database.lease.updateManyAndReturn({ where, data: { number, owner, expiresAt } });
        if (taken) return { kind: "taken", number: taken.number };
      }
      const held = await this.database.lease.findUnique({ where: { name } });
      if (held && held.expiresAt > now && held.owner !== owner && !wanted.force)
        return { kind: "held", heldBy: held.owner, expiresAt: held.expiresAt };
      const first = { name, owner, expiresAt, number: Math.max(1, atLeast) };
      if (held === null && (await this.#begin(first))) return { kind: "taken", number: first.number };
    }
    throw new Error(`the lease ${name} changed hands ${maxAttempts} times while it was being taken`);
  }

  /** False when another took it: the caller must stop at once. */
  async renew(lease: { name: string; number: number; ttlMs: number; now: Date }): Promise<boolean> {
    const { name, number } = lease;
    const data = { expiresAt: new Date(lease.now.getTime() + lease.ttlMs) };
    const { count } = await this.database.lease.updateMany({ where: { name, number }, data });
    return count === 1;
  }

  /** Free at once. The row stays, and with it the number. */
  async release({ name, number, now }: { name: string; number: number; now: Date }): Promise<void> {
    await this.database.lease.updateMany({ where: { name, number }, data: { expiresAt: now } });
  }

  /** False when another began it at the same time. */
  async #begin(lease: { name: string; owner: string; expiresAt: Date; number: number }): Promise<boolean> {
    try {
      await this.database.lease.create({ data: lease });
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }
}
