import { EventEmitter } from "node:events";
import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import path from "node:path";
import { z } from "zod";
import type { Pages } from "./pages";

const scriptHashes = z.record(z.string(), z.array(z.string()));

/**
 * Next as the server of the pages. It adds an `upgrade` listener of its own to the server it is given and ends what it
 * does not know, so it is given an emitter that is no server: only hot reload reaches it, and only in development.
 */
export async function openNextPages(wanted: {
  root: string;
  dev: boolean;
  host: string;
  port: number;
}): Promise<Pages> {
  const { root, dev } = wanted;
  const [{ default: next }, hashes] = await Promise.all([import("next"), readHashes(root, dev)]);
  const upgrades = new EventEmitter();
  const app = next({ dev, dir: root, hostname: wanted.host, port: wanted.port, httpServer: upgrades as Server });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    handle: (request, response) => handle(request, response),
    upgrade: dev ? (request, socket, head) => void upgrades.emit("upgrade", request, socket, head) : null,
    // A path without a shell of its own is answered by the page that says so.
    scriptSources: (page) => hashes[page] ?? hashes["/_not-found"] ?? [],
    close: () => app.close(),
  };
}

/** Written by the build beside its pages: the hashes of the inline scripts of each static page. */
async function readHashes(root: string, dev: boolean): Promise<Record<string, string[]>> {
  if (dev) return {};
  const pages = path.join(root, "dist", "pages");
  const current = (await readFile(path.join(pages, "current"), "utf8")).trim();
  return scriptHashes.parse(JSON.parse(await readFile(path.join(pages, current, "csp.json"), "utf8")));
}
