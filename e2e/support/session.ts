import type { LossView, SessionView } from "../../server/protocol/api";
import type { GitRepository } from "./git-repository";
import type { Program } from "./program";

/** Asks until the answer is right; throws with the last one after the limit. */
export async function eventually<T>(
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  limitMs = 120_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  while (true) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`not so within ${limitMs} ms: ${JSON.stringify(answer).slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A repository added and a session made by the API, waited for until its terminal is there. */
export async function openSession(program: Program, remote: GitRepository): Promise<SessionView> {
  const { items } = await program.api<{ items: { id: string; cloneUrl: string }[] }>("GET", "/api/repositories");
  const known = items.find((item) => item.cloneUrl === remote.url);
  const repository =
    known ?? (await program.api<{ id: string }>("POST", "/api/repositories", { cloneUrl: remote.url }));
  const made = await program.api<SessionView>("POST", "/api/sessions", { repositoryId: repository.id });
  return waitForPhase(program, made.id, "active");
}

export function waitForPhase(
  program: Pick<Program, "api">,
  sessionId: string,
  phase: SessionView["phase"],
): Promise<SessionView> {
  const ask = () => program.api<SessionView>("GET", `/api/sessions/${sessionId}`);
  return eventually(ask, (session) => session.phase === phase);
}

/** What was typed runs by now: a look at what would be lost lists it. */
export async function untilRuns(program: Pick<Program, "api">, sessionId: string, command: string): Promise<void> {
  const ask = () => program.api<LossView>("GET", `/api/sessions/${sessionId}/loss`);
  await eventually(
    ask,
    ({ programs }) => programs.state === "known" && programs.value.some((one) => one.command === command),
  );
}
