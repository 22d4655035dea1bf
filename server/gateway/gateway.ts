import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { AppError } from "../domain/app-error";
import type { GatewayDeps } from "./deps";
import { EventHub } from "./events/event-hub";
import { createApi } from "./http/create-api";
import { LiveSockets } from "./live-sockets";
import { pageListener } from "./page-listener";
import type { Pages } from "./pages";
import { routeUpgrades } from "./upgrades";

export type Gateway = {
  hub: EventHub;
  /** `AppError("unavailable")` that names host and port when they cannot be had. Gives the port listened on. */
  listen(host: string, port: number): Promise<number>;
  /** No new connections; what is under way is answered. */
  stopAccepting(): Promise<void>;
  /** Looks again whether each socket is still signed in; done every 30 s by itself. */
  checkSockets(): Promise<void>;
  /** 1012 to every socket. */
  closeSockets(): Promise<void>;
};

/** Everything that listens: the API, the pages and the sockets on one port. */
export function createGateway(
  deps: GatewayDeps,
  { pages, dev, signal }: { pages: Pages; dev: boolean; signal: AbortSignal },
): Gateway {
  const sockets = new LiveSockets(deps.accounts, deps.log);
  const hub = new EventHub(deps);
  const api = createApi(deps, {
    signedOut: (loginId) => sockets.closeLogin(loginId),
    sockets: () => sockets.count,
  });
  const toApi = getRequestListener(api.fetch, { overrideGlobalObjects: false });
  const toPages = pageListener(deps, pages, dev);
  const server = createServer((request, response) => {
    const path = request.url?.split("?", 1)[0] ?? "/";
    if (path === "/metrics" || path === "/api" || path.startsWith("/api/")) return void toApi(request, response);
    toPages(request, response);
  });
  routeUpgrades(server, { deps, pages, sockets, hub });
  const watching = sockets.watch(signal);
  return {
    hub,
    listen: (host, port) => listen(server, host, port),
    stopAccepting: () => stopAccepting(server),
    checkSockets: () => sockets.check(),
    async closeSockets() {
      await Promise.all([sockets.closeAll(), hub.close()]);
      server.closeAllConnections();
      await watching;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  }).catch((error: NodeJS.ErrnoException) => {
    throw new AppError("unavailable", whyNot(error, host, port), { cause: error });
  });
  return (server.address() as AddressInfo).port;
}

function whyNot(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use by another program: end it, or set TRELLIS_PORT to another (0 picks a free one).`;
    case "EACCES":
      return `Port ${port} on ${host} needs rights that this user does not have: set TRELLIS_PORT to 1024 or above.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine: set TRELLIS_HOST to one that is.`;
    default:
      return `Cannot listen on port ${port} of ${host}: ${error.message}`;
  }
}

/** Upgraded connections are no longer the HTTP server's: it does not wait for them. */
async function stopAccepting(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  server.closeIdleConnections();
}
