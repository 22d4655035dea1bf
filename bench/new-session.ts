import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { TerminalClient } from "../e2e/support/terminal-client";
import type { SessionView } from "../server/protocol/api";
import { openRaw } from "./raw-pty";
import type { Subject } from "./subject";
import { ms, quantile, type Row, spread } from "./table";

export const rounds = 7;

/** `git fetch`, `git worktree add` and a shell, by hand on the same repository. */
async function byHand(clone: string, folder: string, at: number): Promise<number> {
  const started = performance.now();
  const worktree = path.join(folder, `by-hand-${at}`);
  execFileSync("git", ["fetch", "-q", "origin"], { cwd: clone });
  execFileSync("git", ["worktree", "add", "-q", "-b", `by-hand-${at}`, worktree, "origin/main"], { cwd: clone });
  const pty = openRaw("bash", ["-l"]);
  await new Promise<void>((resolve) => {
    const listener = pty.onData(() => {
      listener.dispose();
      resolve();
    });
  });
  const took = performance.now() - started;
  pty.kill("SIGKILL");
  return took;
}

export async function byTrellis(subject: Subject): Promise<number> {
  const { program, session } = subject;
  const started = performance.now();
  const made = await program.api<SessionView>("POST", "/api/sessions", { repositoryId: session.repositoryId });
  const client = new TerminalClient({ url: program.url, token: program.token, sessionId: made.id });
  client.connect();
  await client.until("a prompt", (it) => it.offset > 0);
  const took = performance.now() - started;
  client.close();
  return took;
}

export async function benchNewSession(subject: Subject): Promise<Row[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "trellis-bench-"));
  const clone = path.join(folder, "clone");
  execFileSync("git", ["clone", "-q", subject.remote.url, clone]);
  const hand: number[] = [];
  const ours: number[] = [];
  await byTrellis(subject);
  for (let at = 0; at < rounds; at++) {
    hand.push(await byHand(clone, folder, at));
    ours.push(await byTrellis(subject));
  }
  rmSync(folder, { recursive: true, force: true });
  const added = quantile(ours, 0.5) - quantile(hand, 0.5);
  return [
    {
      what: "New Session to prompt, warm host",
      ours: spread(ours),
      against: `by hand ${spread(hand)}`,
      result: `${added < 0 ? "" : "+"}${ms(added)} p50`,
      target: "+300 ms",
      met: added <= 300,
    },
  ];
}
