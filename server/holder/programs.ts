import { setTimeout as sleep } from "node:timers/promises";
import type { ProgramState } from "../protocol/holder-protocol";
import { markedProcesses, type Root, type SeenProcess } from "./marked-processes";

/** Which of the marked ones are meant. */
export type Scope = { sessionId: string } | { terminalId: string };

const shells = new Set(["sh", "bash", "dash", "zsh", "fish", "ksh", "mksh", "ash", "tcsh", "csh", "nu"]);
const pollMs = 50;
const afterKillMs = 2000;

/** What runs with the mark. A shell at its prompt, or waiting for a job that stands in the list itself, is none. */
export async function listPrograms(scope: Scope, roots: Root[]): Promise<ProgramState[]> {
  const seen = await inScope(scope, roots);
  return seen.filter((one) => !isWaitingShell(one, seen)).map(asProgram);
}

/** TERM to all, KILL after the grace to what is left; gives what is still there some time after that. */
export async function stopPrograms(scope: Scope, graceMs: number, roots: () => Root[]): Promise<ProgramState[]> {
  let left = await inScope(scope, roots());
  for (const one of left) {
    // An interactive shell ignores TERM and obeys HUP; what is stopped would see neither before it goes on.
    signal(one, "SIGTERM");
    if (shells.has(one.name)) signal(one, "SIGHUP");
    signal(one, "SIGCONT");
  }
  left = await waitUntilGone(scope, graceMs, roots);
  const deadline = performance.now() + afterKillMs;
  while (left.length > 0 && performance.now() < deadline) {
    // Each time anew: what is being killed may have started more.
    for (const one of left) signal(one, "SIGKILL");
    left = await waitUntilGone(scope, pollMs, roots);
  }
  return left.map(asProgram);
}

async function waitUntilGone(scope: Scope, limitMs: number, roots: () => Root[]): Promise<SeenProcess[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const left = await inScope(scope, roots());
    if (left.length === 0 || performance.now() >= deadline) return left;
    await sleep(Math.min(pollMs, Math.max(1, deadline - performance.now())));
  }
}

async function inScope(scope: Scope, roots: Root[]): Promise<SeenProcess[]> {
  const marked = await markedProcesses(roots);
  if ("sessionId" in scope) return marked.filter((one) => one.marks?.sessionId === scope.sessionId);
  return marked.filter((one) => one.marks?.terminalId === scope.terminalId);
}

/** Interactive, with a tty, and either in its foreground with no child in its own group, or waiting behind a job. */
function isWaitingShell(one: SeenProcess, all: SeenProcess[]): boolean {
  if (!shells.has(one.name) || one.foreground === null) return false;
  // `sh script` and `sh -c …` are programs.
  const interactive = one.argv.slice(1).every((word) => /^-[a-z-]*$/.test(word) && !/^-[a-z]*c/.test(word));
  if (!interactive || one.group !== one.pid) return false;
  const helper = all.some((other) => other.parent === one.pid && other.group === one.group);
  if (one.foreground === one.group) return !helper;
  return all.some((other) => other.group === one.foreground);
}

function asProgram(seen: SeenProcess): ProgramState {
  const { pid, startedAt } = seen;
  const command = seen.argv.length > 0 ? seen.argv.join(" ") : `[${seen.name}]`;
  return { pid, command: command.slice(0, 1000), terminalId: seen.marks?.terminalId ?? null, startedAt };
}

function signal({ pid }: SeenProcess, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Gone meanwhile, or another user's: the next look tells which.
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
