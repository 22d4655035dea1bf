import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import { type GitRepository, makeGitRepository } from "./git-repository";
import { randomBytes, randomFrom } from "./random.mjs";

export type GatedRemote = GitRepository & { letThrough(): void; close(): void };

/** A remote over git's own protocol that stops in the middle of what it sends until it is let through. */
export async function makeGatedRemote(): Promise<GatedRemote> {
  const next = randomFrom(7);
  const files = Object.fromEntries(
    Array.from({ length: 300 }, (_, at) => [`data/${at}.txt`, Buffer.from(randomBytes(next, 4096)).toString("base64")]),
  );
  const repository = makeGitRepository(files);
  const base = path.dirname(repository.url);
  let open = false;
  const waiting = new Set<() => void>();
  const server = createServer((socket) => {
    const daemon = spawn("git", ["daemon", "--inetd", "--export-all", `--base-path=${base}`], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    socket.on("error", () => daemon.kill());
    daemon.stdin.on("error", () => {});
    socket.pipe(daemon.stdin);
    void copyHalf(daemon.stdout, socket);
  }).listen(0, "127.0.0.1");

  async function copyHalf(from: NodeJS.ReadableStream, to: Socket): Promise<void> {
    let sent = 0;
    for await (const chunk of from) {
      if (sent > 400_000 && !open) await new Promise<void>((resolve) => waiting.add(resolve));
      sent += chunk.length;
      if (!to.write(chunk)) await once(to, "drain");
    }
    to.end();
  }

  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port to be had");
  const letThrough = () => {
    open = true;
    for (const go of waiting) go();
  };
  const close = () => {
    letThrough();
    server.close();
  };
  return { ...repository, url: `git://127.0.0.1:${address.port}/ledger.git`, letThrough, close };
}
