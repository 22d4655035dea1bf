import { setTimeout as sleep } from "node:timers/promises";
import { openSession } from "../e2e/support/session";
import type { TerminalClient } from "../e2e/support/terminal-client";
import { collectGarbage } from "./collect-garbage";
import type { Subject } from "./subject";
import type { Row } from "./table";

const kb = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`;
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** What each of 120 idle terminals with a viewer holds: the server lets go of what opening them left behind first. */
export async function benchIdleMemory(subject: Subject): Promise<Row[]> {
  const perSession = 40;
  const sessions = 3;
  // The first round is not counted: it is the server's own code getting warm.
  await openIdle(subject, perSession);
  const before = await held(subject);
  for (let at = 0; at < sessions; at++) {
    const session = await openSession(subject.program, subject.remote);
    await openIdle(subject.inSession(session), perSession, false);
  }
  const idle = perSession * sessions;
  const perIdle = Math.max(0, (await held(subject)) - before) / idle;
  return [
    {
      what: "server memory per idle terminal",
      ours: kb(perIdle),
      against: `${idle} terminals, after a collection`,
      result: kb(perIdle),
      target: "≤ 100 KB",
      met: perIdle <= 100_000,
    },
  ];
}

/**
 * What each of 8 flooding terminals adds at most to a server that 4 flood already: what it takes for any flood at all
 * (its code, room for what is young) it takes once, and is told beside it.
 */
export async function benchFloodMemory(subject: Subject): Promise<Row[]> {
  const quiet = await held(subject);
  const few = await peakOfFloods(subject, 4);
  const more = 8;
  const many = await peakOfFloods(subject, more);
  const perFlood = Math.max(0, many - few) / more;
  return [
    {
      what: "server memory per flooding terminal",
      ours: mb(perFlood),
      against: `4 took ${mb(few - quiet)} in all, ${4 + more} took ${mb(many - quiet)}; half with a viewer that never acks`,
      result: mb(perFlood),
      target: "≤ 8 MB",
      met: perFlood <= 8_000_000,
    },
  ];
}

/** The highest of 40 looks in 10 s, with as many floods more than there were; they go on. */
async function peakOfFloods(subject: Subject, more: number): Promise<number> {
  for (let at = 0; at < more; at++) {
    await subject.terminal(["sh", "-c", "cat /dev/urandom | base64"], { manualAck: at % 2 === 0 });
  }
  let peak = 0;
  for (let at = 0; at < 40; at++) {
    await sleep(250);
    peak = Math.max(peak, subject.serverMemory());
  }
  return peak;
}

/** What is left once the server let go of what nothing holds. */
async function held(subject: Subject): Promise<number> {
  await collectGarbage(subject.program);
  return settled(subject);
}

/** Terminals with nothing to say and a viewer each, closed again unless they are to stay. */
export async function openIdle(subject: Subject, count: number, closes = true): Promise<TerminalClient[]> {
  const clients: TerminalClient[] = [];
  for (let at = 0; at < count; at++) clients.push(await subject.terminal(["cat"]));
  if (!closes) return clients;
  for (const { options } of clients) {
    await subject.program.api("DELETE", `/api/sessions/${subject.session.id}/terminals/${options.terminalId}`);
  }
  return [];
}

/** The lowest of some looks: what a collection leaves. */
export async function settled(subject: Subject): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < 12; at++) {
    await sleep(250);
    lowest = Math.min(lowest, subject.serverMemory());
  }
  return lowest;
}
