import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../domain/app-error";
import { every } from "../kit/every";
import type { Log } from "../kit/log";

const usual = { ttlMs: 15_000, renewMs: 5_000, lookMs: 1_000 };
const name = "server";

type Claim = { kind: "taken"; number: number } | { kind: "held"; heldBy: string; expiresAt: Date };

/** The lease in the database, as it is needed here. */
export interface Leases {
  take(wanted: { name: string; owner: string; ttlMs: number; now: Date; force: boolean }): Promise<Claim>;
  renew(lease: { name: string; number: number; ttlMs: number; now: Date }): Promise<boolean>;
  release(lease: { name: string; number: number; now: Date }): Promise<void>;
}

export type Lease = {
  /** Grows with every taking: holders obey the highest. */
  number: number;
  /** Resolves with why, once it is lost; never otherwise. */
  lost: Promise<string>;
  release(): Promise<void>;
};

type Around = {
  leases: Leases;
  owner: string;
  /** The number is above it, also in a database that is new or was restored from a backup. */
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
    const claim = await leases.take({ name, owner, ttlMs, now: now(), force: false });
    if (claim.kind === "taken" && claim.number > above) return claim.number;
    if (claim.kind === "taken") continue;
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
