import { setTimeout as sleep } from "node:timers/promises";
import type { TerminalClient } from "../e2e/support/terminal-client";
import type { Subject } from "./subject";
import type { Row } from "./table";

const kb = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`;
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** What 40 idle terminals with a viewer each add to a server that is warm. */
export async function benchIdleMemory(subject: Subject): Promise<Row[]> {
  const idle = 40;
  // The first round is not counted: it is the server's own code getting warm.
  await openIdle(subject, idle);
  const before = await settled(subject);
  const clients = await openIdle(subject, idle, false);
  const perIdle = Math.max(0, (await settled(subject)) - before) / idle;
  for (const client of clients) client.close();
  return [
    {
      what: "server memory per idle terminal",
      ours: kb(perIdle),
      against: `${idle} terminals`,
      result: kb(perIdle),
      target: "≤ 100 KB",
      met: perIdle <= 100_000,
    },
  ];
}

/** What 4 flooding terminals add at most to a server that was quiet. */
export async function benchFloodMemory(subject: Subject): Promise<Row[]> {
  const quiet = await settled(subject);
  const flooding = 4;
  const floods: TerminalClient[] = [];
  for (let at = 0; at < flooding; at++) {
    floods.push(await subject.terminal(["sh", "-c", "cat /dev/urandom | base64"], { manualAck: at % 2 === 0 }));
  }
  let peak = 0;
  for (let at = 0; at < 40; at++) {
    await sleep(250);
    peak = Math.max(peak, subject.serverMemory());
  }
  for (const client of floods) client.close();
  const perFlood = Math.max(0, peak - quiet) / flooding;
  return [
    {
      what: "server memory per flooding terminal",
      ours: mb(perFlood),
      against: `${flooding} for 10 s, half with a viewer that never acks`,
      result: mb(perFlood),
      target: "≤ 8 MB",
      met: perFlood <= 8_000_000,
    },
  ];
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
