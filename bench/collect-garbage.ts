import { once } from "node:events";
import WebSocket from "ws";
import type { Program } from "../e2e/support/program";
import { eventually } from "../e2e/support/session";

/**
 * Makes the server let go of all that nothing holds any more, by the debugger that Node opens at SIGUSR1. Without it
 * the memory of a quiet server is mostly what it did last. The program must have been started with `inspectable`.
 */
export async function collectGarbage(program: Program): Promise<void> {
  process.kill(program.pid, "SIGUSR1");
  const address = () => program.log.map((line) => /^Debugger listening on (ws:\S+)$/.exec(line)?.[1]).findLast(Boolean);
  const url = await eventually(
    async () => address(),
    (it) => it !== undefined,
  );
  const socket = new WebSocket(url ?? "");
  await once(socket, "open");
  // Twice: what a finalizer lets go of goes with the second.
  for (const id of [1, 2]) {
    const answered = once(socket, "message");
    socket.send(JSON.stringify({ id, method: "HeapProfiler.collectGarbage" }));
    await answered;
  }
  socket.close();
  await once(socket, "close");
}

/** The debugger takes any free port: two servers at once do not meet. */
export const inspectable = { NODE_OPTIONS: "--inspect-port=127.0.0.1:0" };
