import { setTimeout as sleep } from "node:timers/promises";
import { stopPrograms } from "./programs";
import type { RequestContext } from "./request-context";

const exitMs = 5000;

/** Ends all that carries the terminal's mark, and resolves once the exit stands in its log. */
export async function killProcess(
  { processId, graceMs }: { processId: string; graceMs: number },
  { processes, roots }: RequestContext,
): Promise<void> {
  const held = processes.find(processId);
  held?.markKilled();
  await stopPrograms({ terminalId: processId }, graceMs, roots);
  if (held === null) return;
  const limit = new AbortController();
  // A program in an uninterruptible wait cannot be ended by anyone: its log then says that it still runs.
  await Promise.race([held.ended(), sleep(exitMs, undefined, { signal: limit.signal }).catch(() => {})]);
  limit.abort();
}
