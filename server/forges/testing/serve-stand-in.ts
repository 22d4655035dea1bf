import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: unknown;
};
/** `text` instead of a body that is JSON. */
export type Told = { status: number; body?: unknown; headers?: Record<string, string>; text?: string };

/** A forge's side of HTTP on a free port of this machine, until it is closed. */
export async function serveStandIn(
  take: (asked: Asked) => Promise<Told>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void read(request)
      .then(take)
      .then(({ status, body, text, headers }) => {
        const type = text === undefined ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
        response.writeHead(status, { "content-type": type, ...headers });
        response.end(text ?? (body === undefined || status === 304 ? undefined : JSON.stringify(body)));
      });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://forge.test");
  const headers: Record<string, string> = {};
  for (const [key, value] of Object.entries(request.headers)) headers[key] = String(value);
  return {
    ...{ method: request.method ?? "GET", path: pathname, query: searchParams, headers },
    body: text === "" ? null : JSON.parse(text),
  };
}
