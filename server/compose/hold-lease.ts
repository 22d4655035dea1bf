import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../domain/app-error";
import { every } from "../kit/every";
import type { Log } from "../kit/log";

const usual = { ttlMs: 15_000, renewMs: 5_000, lookMs: 1_000 };
const name = "server";
/** Numbers of 32 bits reach from here to 2088. */
const firstSecond = Date.UTC(2020, 0, 1) / 1000;

type Claim = { kind: "taken"; number: number } | { kind: "held"; heldBy: string; expiresAt: Date };

/** The lease in the database, as it is needed here. */
export interface Leases {
  take(wanted: {
    name: string;
    owner: string;
    ttlMs: number;
    now: Date;
    force: boolean;
    /** The number is this, or one more than the last where that is greater. */
    atLeast: number;
  }): Promise<Claim>;
  renew(lease: { name: string; number: number; ttlMs: number; now: Date }): Promise<boolean>;
  release(lease: { name: string; number: number; now: Date }): Promise<void>;
}

export type Lease = {
  /** Grows with every taking, whatever database it is on: holders obey the highest. */
  number: number;
  /** Resolves with why, once it is lost; never otherwise. */
  lost: Promise<string>;
  release(): Promise<void>;
};

type Around = {
  leases: Leases;
  owner: string;
  /** The number is above it, also where the clock was set back and the database is new. */
  above: number;
  now(): Date;
  log: Log;
  signal: AbortSignal;
  /** The usual one is right for a program; a test has no time. */
  pace?: typeof usual;
};

/**
 * The right to be the one active server on a database. Ours from before is taken at once: the lock on the data
 * directory proves that its holder is dead. Another's is waited for, for it may be about to stop.
 */
export async function holdLease(around: Around): Promise<Lease> {
  const number = await take(around);
  const { leases, now, log } = around;
  const { ttlMs, renewMs } = around.pace ?? usual;
  const stop = new AbortController();
  let goodUntil = now().getTime() + ttlMs;
  let lose: (reason: string) => void = () => {};
  const lost = new Promise<string>((resolve) => {
    lose = resolve;
  });

  async function renew(): Promise<void> {
    const asked = now();
    const late = sleep(ttlMs - renewMs, undefined, { signal: stop.signal, ref: false }).then(() => {
      throw new Error("the database does not answer");
    });
    if (await Promise.race([leases.renew({ name, number, ttlMs, now: asked }), late]))
      goodUntil = asked.getTime() + ttlMs;
    else lose("another server took the lease on the database");
  }

  const renewing = every(renewMs, renew, {
    signal: stop.signal,
    onError(error) {
      if (stop.signal.aborted) return;
      log.warn("the lease on the database could not be renewed", { error });
      if (now().getTime() >= goodUntil) lose("the database did not answer for as long as the lease is good");
    },
  });
  return {
    number,
    lost,
    async release() {
      stop.abort();
      await renewing;
      await leases.release({ name, number, now: now() });
    },
  };
}

async function take({ leases, owner, above, now, log, signal, pace = usual }: Around): Promise<number> {
  const { ttlMs, renewMs, lookMs } = pace;
  const until = now().getTime() + ttlMs + renewMs;
  for (let told = false; ; ) {
    const atLeast = Math.max(above + 1, leaseNumberAt(now()));
    const claim = await leases.take({ name, owner, ttlMs, now: now(), force: false, atLeast });
    if (claim.kind === "taken") return claim.number;
    if (now().getTime() >= until)
      throw new AppError(
        "conflict",
        `Another Trellis server (${claim.heldBy}) is active on this database. One at a time.`,
      );
    if (!told) log.info("waiting for another server to let go of the database", { heldBy: claim.heldBy });
    told = true;
    await sleep(lookMs, undefined, { signal });
  }
}

/**
 * The second it is, for a count that is kept goes back with whatever it is kept in: a database that was restored counts
 * below what holders have seen since the backup, on volumes that no backup of ours holds. So the server that started
 * last is the one that is obeyed, and nothing a holder says makes a server raise its number while it runs: of two on
 * databases of their own the older is refused until a person starts it again, and they never take a shell in turns.
 */
export function leaseNumberAt(now: Date): number {
  return Math.floor(now.getTime() / 1000) - firstSecond;
}
