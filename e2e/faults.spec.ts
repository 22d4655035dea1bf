import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import type { TerminalView } from "../server/protocol/api";
import { makeGitRepository } from "./support/git-repository";
import { Program } from "./support/program";
import { producedChunks, randomBytes, randomFrom } from "./support/random.mjs";
import { openSession } from "./support/session";
import { TerminalClient } from "./support/terminal-client";

const wanted = Number(process.env.TRELLIS_FAULTS ?? 200);
const seed = Number(process.env.TRELLIS_FAULT_SEED ?? 20_261);
const support = path.resolve(import.meta.dirname, "support");

/** SHA-256 of the producer's first `length` bytes, less what a viewer was told is gone. */
function expectedDigest(length: number, gaps: { from: number; to: number }[]): string {
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

const raw = (script: string, ...args: string[]) => [
  "sh",
  "-c",
  'stty raw -echo && exec "$0" "$@"',
  process.execPath,
  path.join(support, script),
  ...args,
];

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

type Trial = { wanted: number; pauseMs: number; env: Record<string, string> };

/** Gives the number of gaps that viewers were told, after each viewer's bytes were found to be the producer's. */
async function endure({ wanted, pauseMs, env }: Trial): Promise<number> {
  const remote = makeGitRepository();
  const program = await Program.create(env);
  const next = randomFrom(seed);
  const below = (bound: number) => next() % bound;
  const counts: Record<string, number> = {};
  try {
    const session = await openSession(program, remote);
    const stopFile = path.join(program.home, "stop");
    const open = (command: string[]) =>
      program.api<TerminalView>("POST", `/api/sessions/${session.id}/terminals`, { command });
    const producer = await open(raw("producer.mjs", String(seed), stopFile, String(pauseMs)));
    const typed = wanted * 97;
    const sink = await open(raw("sink.mjs", String(typed)));
    const client = (terminalId: string, mode?: "view") =>
      new TerminalClient({
        url: program.url,
        token: program.token,
        sessionId: session.id,
        terminalId,
        ...(mode ? { mode } : {}),
      });

    const viewers = [client(producer.id), client(producer.id, "view"), client(producer.id, "view")];
    const typist = client(sink.id);
    const everyone = [...viewers, typist];
    for (const one of everyone) one.connect();
    for (const one of everyone) await one.until("attached", (it) => it.attached !== null);
    await typist.until("a sink that reads", (it) => it.tail.includes("ready"));

    const input = createHash("sha256");
    const type = (length: number) => {
      const bytes = randomBytes(next, length);
      input.update(bytes);
      typist.type(bytes);
    };
    const reconnect = (one: TerminalClient) => {
      one.drop();
      one.connect();
    };
    const pick = () => everyone[below(everyone.length)] ?? typist;
    const faults: [string, () => Promise<void>][] = [
      ["drop", async () => reconnect(pick())],
      ["drop all at once", async () => everyone.forEach(reconnect)],
      [
        "away for a while",
        async () => {
          const one = pick();
          one.drop();
          await sleep(below(300));
          one.connect();
        },
      ],
      [
        "slow reader",
        async () => {
          const one = viewers[below(viewers.length)];
          one?.pause();
          await sleep(below(200));
          one?.resume();
        },
      ],
      [
        "hidden, then visible",
        async () => {
          const one = viewers[below(viewers.length)];
          one?.request("hidden");
          await sleep(below(100));
          one?.request("visible");
        },
      ],
      [
        "cut while slow",
        async () => {
          const one = pick();
          one.pause();
          await sleep(below(100));
          reconnect(one);
        },
      ],
    ];
    const killServer = async () => {
      await program.kill();
      await program.start();
      for (const one of everyone) reconnect(one);
      for (const one of everyone) await one.until("attached again", (it) => it.closed === null && it.attached !== null);
    };

    let left = typed;
    for (let at = 0; at < wanted; at++) {
      const [name, fault] =
        at % 25 === 24 ? (["server killed", killServer] as const) : (faults[below(faults.length)] ?? ["", killServer]);
      const length = at === wanted - 1 ? left : Math.min(left, 1 + below(192));
      if (length > 0) type(length);
      left -= length;
      await fault();
      counts[name] = (counts[name] ?? 0) + 1;
      for (const one of everyone) if (one.closed) reconnect(one);
      await sleep(below(30));
    }

    writeFileSync(stopFile, "");
    for (const one of viewers)
      await one.until("the producer's exit", (it) => it.exit !== null && it.offset === it.exit.offset, 60_000);
    await typist.until("the sink's answer", (it) => /took \d+ [0-9a-f]{64}/.test(it.tail), 60_000);

    const end = viewers[0]?.exit?.offset ?? 0;
    expect(end).toBeGreaterThan(1024 * 1024);
    for (const one of viewers) {
      expect(one.faults).toEqual([]);
      expect(one.exit?.offset).toBe(end);
      expect(one.digest()).toBe(expectedDigest(end, one.gaps));
    }
    expect(typist.tail).toContain(`took ${typed} ${input.digest("hex")}`);
    const gaps = viewers.reduce((sum, one) => sum + one.gaps.length, 0);
    console.log(`seed ${seed}: ${wanted} faults over ${end} bytes, ${gaps} declared gaps:`, JSON.stringify(counts));
    return gaps;
  } finally {
    await program.destroy();
    remote.remove();
  }
}

test(`[I3] [I4] [I6] ${wanted} seeded faults: every viewer gets every byte once, and every key is typed once`, async () => {
  test.setTimeout(120_000 + wanted * 1_500);
  expect(await endure({ wanted, pauseMs: 2, env: {} })).toBe(0);
});

test("[I4] with a log that is too small for a flood, what is gone is told, and every other byte is right", async () => {
  test.setTimeout(180_000);
  expect(await endure({ wanted: 40, pauseMs: 0, env: { TRELLIS_TERMINAL_LOG_MIB: "2" } })).toBeGreaterThan(0);
});
