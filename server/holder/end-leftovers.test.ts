import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { endLeftovers } from "./end-leftovers";
import type { ProcessFile } from "./process-file";
import { identityOf, pidNamespace } from "./process-identity";

let bystander: ChildProcess | null = null;
afterEach(() => bystander?.kill("SIGKILL"));

async function leftover(more: Partial<ProcessFile>): Promise<ProcessFile> {
  bystander = spawn("sleep", ["405"], { stdio: "ignore", detached: true });
  await once(bystander, "spawn");
  const pid = bystander.pid ?? 0;
  // What carries its mark is ended on all of the machine.
  const named = { processId: randomUUID(), sessionId: "s", epoch: "e", pid, identity: identityOf(pid) };
  return { ...named, cols: 80, rows: 24, records: [], title: null, cwd: null, endedAt: null, ...more };
}

test("[I8] what another pod wrote down ends nobody here, though pid and start are the same", async () => {
  await endLeftovers([await leftover({ pidNamespace: "another boot/pid:[1]" })]);
  expect(bystander?.signalCode).toBeNull();
  expect(identityOf(bystander?.pid ?? 0)).not.toBeNull();
});

test("[I8] what was left here is ended, also where an older holder wrote it down; who only has its pid is not", async () => {
  for (const more of [{ pidNamespace: pidNamespace() }, {}]) {
    const file = await leftover(more);
    const gone = once(bystander as ChildProcess, "exit");
    await endLeftovers([file]);
    expect(await gone).toEqual([null, "SIGTERM"]);
  }
  await endLeftovers([await leftover({ identity: "another boot:1" })]);
  expect(identityOf(bystander?.pid ?? 0)).not.toBeNull();
});
