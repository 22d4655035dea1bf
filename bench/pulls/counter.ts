import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A way to a forge that counts what goes over it: what the client says of itself is not asked. */
export type Counter = { url: string; requests(): number; close(): Promise<void> };

export async function openCounter(upstream: string): Promise<Counter> {
  const { hostname, port } = new URL(upstream);
  let requests = 0;
  const server = createServer((asked, answer) => {
    requests += 1;
    const { method, url: path, headers } = asked;
    const onward = request({ hostname, port, method, path, headers, agent: false }, (told) => {
      answer.writeHead(told.statusCode ?? 502, told.headers);
      told.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  // Longer than a run: a connection that ends just as it is used would be a look that failed.
  server.keepAliveTimeout = 3_600_000;
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}
