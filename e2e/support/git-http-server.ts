import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { GitRepository } from "./git-repository";

export type GitHttpServer = {
  /** The address of the repository, without any credential. */
  url: string;
  /** The same with the credential inside, as people paste it. */
  urlWith(username: string, password: string): string;
  /** Requests that brought the right credential. */
  admitted(): number;
  /** From now on whoever brought the right credential waits, until what is returned is called. */
  hold(): () => void;
  close(): Promise<void>;
};

/**
 * A forge's git over HTTP: `git http-backend` behind a password, 401 without it. `address` is the one of this machine
 * that it is reached by: pods need another than the loopback.
 */
export async function serveGitOverHttp(
  remote: GitRepository,
  password: string,
  address = "127.0.0.1",
): Promise<GitHttpServer> {
  let admitted = 0;
  let held = Promise.resolve();
  remote.git("config", "http.receivepack", "true");
  const server = createServer(async (request, response) => {
    const given = Buffer.from((request.headers.authorization ?? "").replace(/^Basic /, ""), "base64").toString();
    if (given.slice(given.indexOf(":") + 1) !== password) {
      request.resume();
      response.writeHead(401, { "www-authenticate": 'Basic realm="forge"' }).end("who are you?");
      return;
    }
    admitted += 1;
    await held;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: path.dirname(remote.url),
        GIT_HTTP_EXPORT_ALL: "1",
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "safe.directory",
        GIT_CONFIG_VALUE_0: "*",
        PATH_INFO: pathname,
        QUERY_STRING: searchParams.toString(),
        REQUEST_METHOD: request.method ?? "GET",
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        REMOTE_USER: given.slice(0, given.indexOf(":")),
        REMOTE_ADDR: "127.0.0.1",
      } as Record<string, string | undefined> as NodeJS.ProcessEnv,
      stdio: ["pipe", "pipe", "ignore"],
    });
    request.pipe(backend.stdin);
    backend.stdin.on("error", () => {}); // it read what it needed, and left
    const chunks: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    backend.on("close", () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf("\r\n\r\n");
      const lines = all.subarray(0, Math.max(end, 0)).toString("latin1").split("\r\n");
      const headers = lines.map((line) => line.split(/:\s*/, 2) as [string, string]);
      const status = Number(headers.find(([name]) => name.toLowerCase() === "status")?.[1]?.slice(0, 3) ?? 200);
      for (const [name, value] of headers) if (name && name.toLowerCase() !== "status") response.setHeader(name, value);
      response.writeHead(status).end(all.subarray(end + 4));
    });
  }).listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const place = `${address}:${port}/${path.basename(remote.url)}`;
  return {
    url: `http://${place}`,
    urlWith: (username, secret) => `http://${username}:${secret}@${place}`,
    admitted: () => admitted,
    hold() {
      let letGo = () => {};
      held = new Promise((resolve) => {
        letGo = resolve;
      });
      return letGo;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
