import { setTimeout as sleep } from "node:timers/promises";
import type { Root } from "./marked-processes";
import type { ProcessFile } from "./process-file";
import { pidNamespace, presenceOf } from "./process-identity";
import { stopPrograms } from "./programs";

const graceMs = 2000;

/**
 * Ends what a dead holder left running: its PTYs hung up with it, but what ignores that, or became a daemon, goes on
 * without anyone who reads it. By pid only where the start time is the one that was written down; what another pod ran
 * went with that pod.
 */
export async function endLeftovers(files: ProcessFile[]): Promise<void> {
  const here = pidNamespace();
  const running = files.filter(({ endedAt, pidNamespace: there = here }) => endedAt === null && there === here);
  const roots = (): Root[] =>
    running.flatMap(({ pid, identity, sessionId, processId }) =>
      identity !== null && presenceOf(pid, identity) === "alive"
        ? [{ pid, marks: { sessionId, terminalId: processId } }]
        : [],
    );
  // The kernel's hang-up is under way when the dead one's sockets have just closed.
  if (roots().length > 0) await sleep(50);
  await Promise.all(running.map(({ processId }) => stopPrograms({ terminalId: processId }, graceMs, roots)));
}
