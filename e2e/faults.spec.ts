import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { awayFor, endure, type Fault, serverKilled } from "./support/endurance";
import { makeGitRepository } from "./support/git-repository";
import { Program } from "./support/program";
import { openSession } from "./support/session";

const wanted = Number(process.env.TRELLIS_FAULTS ?? 200);
const seed = Number(process.env.TRELLIS_FAULT_SEED ?? 20_261);
const support = path.resolve(import.meta.dirname, "support");

type Setting = { faults: number; pauseMs: number; env: Record<string, string>; once?: Record<number, Fault> };

/** Gives the number of gaps that viewers were told. */
async function endureHere({ faults, pauseMs, env, once = {} }: Setting): Promise<number> {
  const remote = makeGitRepository();
  const program = await Program.create(env);
  const file = path.join(program.home, "producer");
  const raw = 'stty raw -echo && exec "$0" "$@"';
  try {
    const { id: sessionId } = await openSession(program, remote);
    const { gaps } = await endure({
      ...{ program, sessionId, seed, faults, pauseMs, file },
      command: (script, ...args) => ["sh", "-c", raw, process.execPath, path.join(support, script), ...args],
      touch: async (made) => writeFileSync(made, ""),
      severe: (at) => once[at] ?? (at % 25 === 24 ? serverKilled(program) : null),
    });
    return gaps;
  } finally {
    await program.destroy();
    remote.remove();
  }
}

test(`[I3] [I4] [I6] ${wanted} seeded faults: every viewer gets every byte once, and every key is typed once`, async () => {
  test.setTimeout(120_000 + wanted * 1_500);
  expect(await endureHere({ faults: wanted, pauseMs: 2, env: {} })).toBe(0);
});

test("[I4] with a log that is too small for a flood, what is gone is told, and every other byte is right", async () => {
  const once = { 30: awayFor(12 * 1024 * 1024) };
  expect(await endureHere({ faults: 40, pauseMs: 0, env: { TRELLIS_TERMINAL_LOG_MIB: "2" }, once })).toBeGreaterThan(0);
});
