import { createServer, type Server, type Socket } from "node:net";
import type { Credentials } from "./credentials";
import { listenAlone } from "./listen-alone";

const maxQuestionBytes = 64 * 1024;
const questionMs = 10_000;

/**
 * Answers git's helper and the forges' own tools, in git's own format: lines of `name=value`, then an empty one. Whoever
 * may open the socket may ask: it is its owner's alone.
 */
export async function serveCredentials(path: string, credentials: Credentials): Promise<Server> {
  // The asker ends its half to say that this was all.
  const server = createServer({ allowHalfOpen: true }, (socket) => answer(socket, credentials));
  await listenAlone(server, path);
  return server;
}

function answer(socket: Socket, credentials: Credentials): void {
  let question = "";
  socket.setEncoding("utf8").setTimeout(questionMs, () => socket.destroy());
  socket.on("error", () => socket.destroy()); // The asker is gone, and nobody waits for the answer.
  const ask = () => {
    if (!socket.writable) return;
    const found = credentials.answer(linesOf(question));
    socket.end(
      Object.entries(found ?? {})
        .map(([name, value]) => `${name}=${value}\n`)
        .join(""),
    );
  };
  socket.on("end", ask);
  socket.on("data", (text: string) => {
    question += text;
    if (question.length > maxQuestionBytes) socket.destroy();
    else if (question.includes("\n\n")) ask();
  });
}

function linesOf(question: string): Map<string, string> {
  const lines = question.split("\n").filter((line) => line.includes("="));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}
