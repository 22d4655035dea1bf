import { createHash } from "node:crypto";
import { expect } from "@playwright/test";
import type { TerminalView } from "../../server/protocol/api";
import type { Program } from "./program";
import { producedChunks, randomBytes, randomFrom } from "./random.mjs";
import { TerminalClient } from "./terminal-client";

/** Something that goes wrong, and is over when it resolves: everyone reads again, or will by themselves. */
export type Fault = { name: string; make(everyone: readonly TerminalClient[]): Promise<void> };

export type Trial = {
  program: Program;
  sessionId: string;
  seed: number;
  faults: number;
  /** How to run `producer.mjs` and `sink.mjs` where the session is; arguments are theirs. */
  command(script: "producer.mjs" | "sink.mjs", ...args: string[]): string[];
  pauseMs: number;
  /** A path there, by which the producer is told what to do: see it. */
  file: string;
  touch(path: string): Promise<void>;
  /** In place of a fault of one viewer; null for most. */
  severe(at: number): Fault | null;
};

export type Endured = { bytes: number; gaps: number; counts: Record<string, number> };

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/**
 * A producer of seeded bytes with three viewers and a sink with a typist, through so many faults. Every viewer's bytes,
 * less what it was told is gone, are found to be the producer's, and what was typed reached the sink once.
 */
export async function endure(trial: Trial): Promise<Endured> {
  const { seed, faults, pauseMs, file } = trial;
  const next = randomFrom(seed);
  const below = (bound: number) => next() % bound;
  const typed = faults * 97;
  const producer = await open(trial, trial.command("producer.mjs", String(seed), file, String(pauseMs)));
  const sink = await open(trial, trial.command("sink.mjs", String(typed)));
  const viewers = [client(trial, producer), client(trial, producer, "view"), client(trial, producer, "view")];
  const typist = client(trial, sink);
  const everyone = [...viewers, typist];
  for (const one of everyone) one.connect();
  for (const one of everyone) await one.until("attached", (it) => it.attached !== null);
  await typist.until("a sink that reads", (it) => it.tail.includes("ready"));
  // Only now: who came later than the first mebibyte would be given a picture of it in place of its bytes.
  await trial.touch(`${file}.go`);

  const input = createHash("sha256");
  const small = faultsOfViewers({ viewers, everyone, below });
  const counts: Record<string, number> = {};
  let left = typed;
  for (let at = 0; at < faults; at++) {
    const length = at === faults - 1 ? left : Math.min(left, 1 + below(192));
    const bytes = randomBytes(next, length);
    input.update(bytes);
    if (length > 0) typist.type(bytes);
    left -= length;
    const fault = trial.severe(at) ?? small[below(small.length)];
    await fault?.make(everyone);
    if (fault) counts[fault.name] = (counts[fault.name] ?? 0) + 1;
    for (const one of everyone) if (one.closed) reconnect(one);
    await sleep(below(30));
  }

  // Less than that tries nothing, however slowly it is printed.
  for (const one of viewers) await untilBack(one, "a mebibyte", ({ offset }) => offset > 1024 * 1024);
  await trial.touch(`${file}.stop`);
  for (const one of viewers)
    await untilBack(one, "the producer's exit", ({ exit, offset }) => exit !== null && offset === exit.offset);
  await untilBack(typist, "the sink's answer", ({ tail }) => /took \d+ [0-9a-f]{64}/.test(tail));
  const bytes = viewers[0]?.exit?.offset ?? 0;
  for (const one of viewers) {
    expect(one.faults).toEqual([]);
    expect(one.exit?.offset).toBe(bytes);
    expect(one.digest()).toBe(expectedDigest(seed, bytes, one.gaps));
  }
  expect(typist.tail).toContain(`took ${typed} ${input.digest("hex")}`);
  for (const one of everyone) one.close();
  const gaps = viewers.reduce((sum, one) => sum + one.gaps.length, 0);
  console.log(`seed ${seed}: ${faults} faults over ${bytes} bytes, ${gaps} declared gaps:`, JSON.stringify(counts));
  return { bytes, gaps, counts };
}

/** Killed as by a crash, and started again; everyone comes back by themselves. */
export function serverKilled(program: Program): Fault {
  return {
    name: "server killed",
    async make(everyone) {
      await program.kill();
      await program.start();
      for (const one of everyone) reconnect(one);
      for (const one of everyone)
        await one.until("attached again", (it) => it.closed === null && it.attached !== null, 60_000);
    },
  };
}

/** One stays away until more was printed than the log keeps: what it missed is gone. */
export function awayFor(bytes: number): Fault {
  return {
    name: `away for ${bytes} bytes`,
    async make([one, other]) {
      if (!one || !other) throw new Error("two viewers are needed");
      one.drop();
      const until = Math.max(one.offset, other.offset) + bytes;
      await other.until("what the other one misses", ({ offset }) => offset > until, 120_000);
      one.connect();
    },
  };
}

async function open({ program, sessionId }: Trial, command: string[]): Promise<string> {
  const where = `/api/sessions/${sessionId}/terminals`;
  return (await program.api<TerminalView>("POST", where, { command })).id;
}

function client({ program, sessionId }: Trial, terminalId: string, mode?: "view"): TerminalClient {
  const { url, token } = program;
  return new TerminalClient({ url, token, sessionId, terminalId, ...(mode ? { mode } : {}) });
}

function reconnect(one: TerminalClient): void {
  one.drop();
  one.connect();
}

/** Waits; comes back by itself where the last fault closes its socket only now. */
function untilBack(one: TerminalClient, what: string, isSo: (it: TerminalClient) => boolean): Promise<void> {
  const look = () => {
    if (one.closed) reconnect(one);
    return isSo(one);
  };
  return one.until(what, look, 120_000);
}

type Everyone = { viewers: TerminalClient[]; everyone: TerminalClient[]; below: (bound: number) => number };

/** What happens to one browser, or to all of them. */
function faultsOfViewers({ viewers, everyone, below }: Everyone): Fault[] {
  const among = (clients: TerminalClient[]) => clients[below(clients.length)] as TerminalClient;
  return [
    { name: "drop", make: async () => reconnect(among(everyone)) },
    { name: "drop all at once", make: async () => everyone.forEach(reconnect) },
    {
      name: "away for a while",
      async make() {
        const one = among(everyone);
        one.drop();
        await sleep(below(300));
        one.connect();
      },
    },
    {
      name: "slow reader",
      async make() {
        const one = among(viewers);
        one.pause();
        await sleep(below(200));
        one.resume();
      },
    },
    {
      name: "hidden, then visible",
      async make() {
        const one = among(viewers);
        one.request("hidden");
        await sleep(below(100));
        one.request("visible");
      },
    },
    {
      name: "cut while slow",
      async make() {
        const one = among(everyone);
        one.pause();
        await sleep(below(100));
        reconnect(one);
      },
    },
  ];
}

/** SHA-256 of the producer's first `length` bytes, less what a viewer was told is gone. */
function expectedDigest(seed: number, length: number, gaps: { from: number; to: number }[]): string {
  const hash = createHash("sha256");
  let offset = 0;
  for (const chunk of producedChunks(seed)) {
    const end = Math.min(offset + chunk.length, length);
    let at = offset;
    for (const gap of gaps) {
      if (gap.to <= at || gap.from >= end) continue;
      if (gap.from > at) hash.update(chunk.subarray(at - offset, gap.from - offset));
      at = Math.min(gap.to, end);
    }
    if (at < end) hash.update(chunk.subarray(at - offset, end - offset));
    offset = end;
    if (offset >= length) return hash.digest("hex");
  }
  throw new Error("unreachable: the producer never ends by itself");
}
