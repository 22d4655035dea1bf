import { done, type EndingContext, type EndingOutcome, refused } from "./ending-context";

const graceMs = 5_000;

/** TERM, then KILL, to all that runs with the session's mark. What cannot be ended might still write: nothing is moved under it. */
export async function stopSession({ host, session }: EndingContext): Promise<EndingOutcome> {
  const left = await host.stopPrograms(session.id, graceMs);
  if (left.length === 0) return done();
  const named = left.map(({ pid, command }) => `${command} (${pid})`).join(", ");
  return refused(`These programs could not be stopped: ${named}. Stop them yourself, then end again.`);
}
