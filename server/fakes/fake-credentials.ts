import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostCredential } from "../sessions/host";

/** Says the repository, then what git says, and prints the answer. */
const program = `
  const [socket, repository, operation] = process.argv.slice(1);
  if (operation !== "get") process.exit(0);
  const server = require("node:net").connect({ path: socket, allowHalfOpen: true });
  server.write("repository=" + repository + "\\n");
  process.stdin.pipe(server);
  server.pipe(process.stdout);
`;

/** What a fake host's repositories sign in with: in this process's memory, behind a socket. */
export async function openFakeCredentials() {
  const directory = await mkdtemp(join(tmpdir(), "trellis-sign-in-"));
  const socket = join(directory, "socket");
  const kept = new Map<string, HostCredential[]>();
  const server = createServer({ allowHalfOpen: true }, (link) => {
    let asked = "";
    link.on("data", (bytes) => {
      asked += bytes.toString();
    });
    link.on("error", () => {}); // whoever asked is gone
    link.on("end", () => link.end(answer(kept, asked)));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const words = [process.execPath, "-e", program, socket].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  return {
    kept,
    keep(repositoryId: string, credentials: HostCredential[]): void {
      if (credentials.length === 0) kept.delete(repositoryId);
      else kept.set(repositoryId, credentials);
    },
    helper: (repositoryId: string) => `!${words.join(" ")} '${repositoryId}'`,
    close(): void {
      server.close();
      void rm(directory, { recursive: true, force: true });
    },
  };
}

function answer(kept: ReadonlyMap<string, HostCredential[]>, asked: string): string {
  const values = new Map(asked.split("\n").map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]));
  const origin = `${values.get("protocol")}://${values.get("host")}`;
  const found = kept.get(values.get("repository") ?? "")?.find((credential) => credential.origin === origin);
  return found ? `username=${found.username}\npassword=${found.password}\n` : "";
}
