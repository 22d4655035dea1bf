import { join } from "node:path/posix";
import { type CreationContext, done, type StepOutcome } from "./creation-context";

/** The last step: from here on the session is the person's. */
export async function startTerminal({ deps, session, host }: CreationContext): Promise<StepOutcome> {
  await deps.terminals.ensureFirst(session.id, join(host.paths().worktrees, session.shortId));
  return done();
}
