import { createConnection } from "node:net";

const lastBytesMs = 2000;

/** Carries standard input and output to and from the holder's socket, for a server that reaches it by a pipe. */
export function connect(socketPath: string): Promise<number> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    let reached = false;
    socket.once("connect", () => {
      reached = true;
      process.stdin.pipe(socket);
      socket.pipe(process.stdout);
    });
    // A reader of ours that is gone: nothing can be carried to it.
    process.stdout.once("error", () => socket.destroy());
    // The pipe ends our half and the holder then its own; one that does not is not waited for.
    process.stdin.once("end", () => setTimeout(() => resolve(0), lastBytesMs).unref());
    socket.once("error", (error) => {
      process.stderr.write(`no holder can be reached at ${socketPath}: ${error.message}\n`);
      resolve(1);
    });
    socket.once("close", () => resolve(reached ? 0 : 1));
  });
}
