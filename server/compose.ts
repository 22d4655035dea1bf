import { setTimeout as sleep } from "node:timers/promises";
import type { ComposeOptions } from "./compose/compose-options";
import { createHosts, type Hosts } from "./compose/create-hosts";
import { takeDataDirectory } from "./compose/data-directory";
import { type Ground, openGround } from "./compose/open-ground";
import { ownerOf } from "./compose/owner-of";
import { addressOf, originOf } from "./compose/server-address";
import { type Rooms, wireRooms } from "./compose/wire-rooms";
import type { Config } from "./config";
import type { GatewayDeps } from "./gateway/deps";
import { createGateway, type Gateway } from "./gateway/gateway";
import type { Pages } from "./gateway/pages";
import { every } from "./kit/every";
import { Lifecycle } from "./kit/lifecycle";
import type { Store } from "./store/open-store";

export type RunningServer = {
  url: string;
  rooms: Rooms;
  makeSignInLink(): Promise<string>;
  /** Resolves with why when the server must stop by itself; never otherwise. */
  mustStop: Promise<string>;
  /** Drains within 8 s; the programs of terminals go on. */
  close(): Promise<void>;
};

const sweepMs = 60 * 60_000;
const readyMs = 2_000;
const settleMs = 200;

/**
 * The one composition root, of the program and of the integration tests alike. What is begun is registered for closing
 * on the spot, so that a start which fails half way is drained as a stop is: not ready, stop accepting, stop loops,
 * close sockets, detach terminals, store.
 */
export async function compose(config: Config, options: ComposeOptions): Promise<RunningServer> {
  const lifecycle = new Lifecycle();
  try {
    return await start(config, options, lifecycle);
  } catch (error) {
    await lifecycle.close().catch((failure: unknown) => {
      options.log.error("what a failed start began could not all be closed", { error: failure });
    });
    throw error;
  }
}

async function start(config: Config, options: ComposeOptions, lifecycle: Lifecycle): Promise<RunningServer> {
  const { log, signal } = options;
  const directory = await takeDataDirectory(config.dataDir, lifecycle);
  // Next is the slowest to prepare and needs nothing of the others.
  const pages = openPages(config, options, lifecycle);
  const ground = await openGround(config, options, { directory, lifecycle });
  const { store, lease, local, kubernetes } = ground;
  const hosts = createHosts({ local, isLocalOffered: config.localHost, kubernetes });
  const loops = new AbortController();
  const hub: { current: Gateway["hub"] | null } = { current: null };
  const listening = { ready: false, origin: "" };
  const rooms = wireRooms({
    ...{ store, hosts, apiToken: ground.apiToken, pollSeconds: config.pollSeconds },
    origin: () => listening.origin,
    // The rooms are made before what listens to them: a hint that nobody hears yet is no loss.
    changes: {
      session: (id) => hub.current?.session(id),
      repository: (id) => hub.current?.repository(id),
      notification: (userId) => hub.current?.notification(userId),
    },
    log,
    now: () => new Date(),
    signal: loops.signal,
    owner: await ownerOf(local.host, options.environment),
  });
  lifecycle.onClose("the terminals", () => rooms.terminals.detach());

  const deps = gatewayDeps({ rooms, store, hosts, log, listening });
  const gateway = createGateway(deps, { pages: await pages, dev: config.dev, signal: loops.signal });
  hub.current = gateway.hub;
  lifecycle.onClose("the sockets", () => gateway.closeSockets());
  const stopListening = hosts.onAnyState((ref) => gateway.hub.host(ref));
  lifecycle.onClose("the listener of hosts", stopListening);
  await startLoops({ rooms, store, loops, lifecycle, log });
  signal.throwIfAborted();

  lifecycle.onClose("what listens", () => gateway.stopAccepting());
  const port = await gateway.listen(config.host, config.port);
  listening.origin = config.url ?? originOf(config.host, port);
  await directory.say({ pid: process.pid, url: listening.origin, address: addressOf(config.host, port) });
  listening.ready = true;
  startLater(kubernetes, lifecycle);
  lifecycle.onClose("readiness", () => {
    listening.ready = false;
  });
  return {
    url: listening.origin,
    rooms,
    async makeSignInLink() {
      const { id } = await rooms.accounts.owner();
      return `${listening.origin}/sign-in#${(await rooms.accounts.makeSignInToken(id)).token}`;
    },
    mustStop: lease.lost,
    close: () => lifecycle.close(),
  };
}

/** Once who waits for the server has its answer: loading the cluster's client holds up everything for as long as a start takes. */
function startLater(kubernetes: Ground["kubernetes"], lifecycle: Lifecycle): void {
  const timer = setTimeout(() => kubernetes?.start(), settleMs);
  lifecycle.onClose("the start of the cluster", () => clearTimeout(timer));
}

type Looked = Pick<Ground, "store"> & {
  rooms: Rooms;
  hosts: Hosts;
  log: ComposeOptions["log"];
  /** The origin is known, and the server ready, only once it listens. */
  listening: { ready: boolean; origin: string };
};

const gatewayDeps = ({ rooms, store, hosts, log, listening }: Looked): GatewayDeps => ({
  ...rooms,
  hosts: hosts.looks,
  answers: store.idempotency,
  origin: () => listening.origin,
  notReady: () => notReady(store, listening.ready),
  log,
  now: () => new Date(),
});

/** Its failure is reported where it is awaited. */
function openPages(config: Config, { adapters, root }: ComposeOptions, lifecycle: Lifecycle): Promise<Pages> {
  const opening = adapters.openPages({ root, dev: config.dev, host: config.host, port: config.port });
  const settled = opening.catch(() => null);
  lifecycle.onClose("the pages", async () => (await settled)?.close());
  return opening;
}

type Loops = { rooms: Rooms; store: Store; loops: AbortController; lifecycle: Lifecycle; log: ComposeOptions["log"] };

/** What goes on by itself: clones, sessions, terminals, and the clearing away of rows that expired. */
async function startLoops({ rooms, store, loops, lifecycle, log }: Loops): Promise<void> {
  const running: Promise<void>[] = [];
  lifecycle.onClose("the loops", async () => {
    loops.abort();
    await Promise.all([
      rooms.sessions.idle(),
      rooms.clones.idle(),
      rooms.pulls.idle(),
      rooms.channels.idle(),
      ...running,
    ]);
  });
  const sweep = async () => {
    await Promise.all([store.accounts.sweep(new Date()), store.idempotency.sweep()]);
  };
  const onError = (error: unknown) => log.warn("expired rows could not be cleared away", { error });
  running.push(every(sweepMs, sweep, { signal: loops.signal, onError }));
  await rooms.accounts.owner();
  await Promise.all([rooms.clones.start(), rooms.sessions.start(), rooms.terminals.start(), rooms.pulls.start()]);
  await rooms.channels.start();
}

async function notReady(store: Store, ready: boolean): Promise<string | null> {
  if (!ready) return "The server is starting or stopping.";
  const late = sleep(readyMs, "The database does not answer.", { ref: false });
  return Promise.race([
    store.ping().then(
      () => null,
      () => "The database does not answer.",
    ),
    late,
  ]);
}
