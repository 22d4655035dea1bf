import { join } from "node:path/posix";
import type { ProcessExit } from "../../domain/terminal";
import { setupAttempt } from "../reconcile/creation-records";
import { type CreationContext, done, failed, type StepOutcome } from "./creation-context";

/** The script runs in the holder: a server that dies here finds it running, or over, when it is back. */
export async function runSetup({ deps, session, repository, host }: CreationContext): Promise<StepOutcome> {
  const { setupScript: script, env } = repository.settings;
  if (script.trim() === "") return done("None");
  const setup = await deps.terminals.ensureSetup(session.id, {
    script,
    cwd: join(host.paths().worktrees, session.shortId),
    env,
    attempt: setupAttempt(session.creation),
  });
  if (setup.state === "running")
    return { kind: "wait", waitMs: waitFor(session.creation.at(-1)?.startedAt, deps.now()), detail: null };
  const { exit, tail } = setup;
  if (exit.reason === "exited" && exit.code === 0) return done();
  return failed(`The setup script ${wordsFor(exit)}. Mend it and retry, or go on without it.`, tail.slice(-4_096));
}

/** Short scripts are seen to end at once, long ones are not asked about often. */
function waitFor(begunAt: Date | undefined, now: Date): number {
  const ranMs = begunAt === undefined ? 0 : now.getTime() - begunAt.getTime();
  return Math.min(2_000, Math.max(100, ranMs / 10));
}

function wordsFor({ code, signal, reason }: ProcessExit): string {
  if (reason === "lost") return "was lost with its host";
  return signal === null ? `ended with code ${code}` : `was ended by ${signal}`;
}
