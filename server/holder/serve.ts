import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../kit/log";
import { putOffset } from "../protocol/byte-frames";
import { holderFrame } from "../protocol/holder-protocol";
import { boundedLog } from "./bounded-log";
import { serveCredentials } from "./credential-socket";
import { Credentials } from "./credentials";
import { isDiskFull } from "./disk-full";
import { Emulators } from "./emulators";
import { endLeftovers } from "./end-leftovers";
import { jsonBytes } from "./frame-pieces";
import { takeLock } from "./holder-lock";
import { Links } from "./links";
import { listenAlone } from "./listen-alone";
import { findMemoryGroup } from "./memory-group";
import { watchMemory } from "./memory-watch";
import { readProcessFiles } from "./process-file";
import { Processes } from "./processes";
import { stopPrograms } from "./programs";
import type { RequestContext } from "./request-context";
import { ServerNumber } from "./server-number";
import type { Surroundings } from "./surroundings";

export type ServeOptions = {
  socket: string;
  /** Where git and the forges' tools ask for what they sign in with; null where nobody does. */
  credentials: string | null;
  dir: string;
  version: string;
  /** Where one holder at a time is let in: of these processes' own machine, for it goes by their pids. */
  lockDir: string;
  surroundings: Surroundings;
};
export type Served = { kind: "running"; ended: Promise<void> } | { kind: "other"; pid: number };

const stopGraceMs = 2000;
const lastWordsMs = 200;

/** Holds this directory's programs until told to shut down. `other` when a living holder has the directory already. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { dir, lockDir, version } = options;
  for (const own of new Set([dir, lockDir])) makeOwn(own);
  const lock = takeLock(lockDir);
  if (lock.kind === "taken") return { kind: "other", pid: lock.pid };
  const log = boundedLog(join(dir, "holder.log"));
  const holder = new Holder(options, log);
  await holder.adopt();
  await holder.listen(options);
  log.info("holder listens", { pid: process.pid, version });
  return { kind: "running", ended: holder.ended };
}

function makeOwn(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    chmodSync(dir, 0o700);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    process.stderr.write(`the disk is full: ${dir} cannot be made, and no output is kept there\n`);
  }
}

class Holder {
  readonly #dir: string;
  readonly #emulators: Emulators;
  readonly #processes: Processes;
  readonly #links: Links;
  readonly #context: RequestContext;
  readonly #servers: Server[] = [];
  #end: () => void = () => {};
  #stopping = false;
  #endWatch: () => void = () => {};
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  constructor(
    { dir, version, surroundings }: Pick<ServeOptions, "dir" | "version" | "surroundings">,
    private readonly log: Log,
  ) {
    this.#dir = dir;
    const memory = findMemoryGroup();
    const facts = { holderId: randomBytes(8).toString("hex"), version, pid: process.pid };
    const serverNumber = new ServerNumber(join(dir, "server-number"), (error) =>
      log.error("server number not saved", { error }),
    );
    this.#links = new Links(() => ({ ...facts, ...(memory && { memory: memory.facts() }) }), serverNumber, log);
    if (memory !== null) this.#endWatch = watchMemory(memory, () => this.#processes.list());
    this.#emulators = new Emulators((error) => log.error("emulator ended", { error }));
    this.#processes = new Processes({ root: join(dir, "processes"), surroundings }, () => this.#emulators.open(), {
      event: (handle, event) => this.#links.broadcast(holderFrame.event, handle, jsonBytes(event)),
      inputTaken: (handle, clientId, position) => this.#inputTaken(handle, clientId, position),
      onError: (message, error) => log.error(message, { error }),
    });
    this.#context = {
      processes: this.#processes,
      surroundings,
      credentials: new Credentials(),
      roots: () => this.#roots(),
      input: (handle, { clientId, position, bytes }) =>
        this.#processes.byHandle(handle)?.input(clientId, position, bytes),
      shutdown: ({ graceMs }) => this.#shutdown(graceMs),
    };
    // The terminal that a server was started in may go; its programs stay.
    process.on("SIGHUP", () => {});
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => void this.#shutdown(stopGraceMs));
    }
    // A bug in one request must not end every shell that is held here.
    process.on("uncaughtException", (error) => log.error("uncaught", { error }));
    process.on("unhandledRejection", (error) => log.error("unhandled", { error }));
  }

  async adopt(): Promise<void> {
    const found = await readProcessFiles(join(this.#dir, "processes"), (dir, error) =>
      this.log.error("process file cannot be read", { dir, error }),
    );
    await endLeftovers(found.map(({ content }) => content));
    for (const { content } of found) await this.#processes.adopt(content);
  }

  async listen({ socket: path, credentials }: Pick<ServeOptions, "socket" | "credentials">): Promise<void> {
    if (credentials !== null) this.#servers.push(await serveCredentials(credentials, this.#context.credentials));
    const server = createServer((socket) => this.#links.accept(socket, this.#context));
    this.#servers.push(server);
    await listenAlone(server, path);
  }

  #roots() {
    return this.#processes.list().flatMap((held) => {
      if (held.pid === null) return [];
      return [{ pid: held.pid, marks: { sessionId: held.sessionId, terminalId: held.id } }];
    });
  }

  #inputTaken(handle: number, clientId: string, position: number): void {
    const id = Buffer.from(clientId);
    const payload = new Uint8Array(1 + id.length + 8);
    payload[0] = id.length;
    payload.set(id, 1);
    putOffset(new DataView(payload.buffer), 1 + id.length, position);
    this.#links.broadcast(holderFrame.inputAck, handle, payload);
  }

  async #shutdown(graceMs: number): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#processes.startNoMore();
    this.log.info("holder ends", { processes: this.#processes.list().length });
    for (const server of this.#servers) server.close();
    const sessions = new Set<string>();
    for (const held of this.#processes.list()) {
      held.markKilled();
      if (held.pid !== null) sessions.add(held.sessionId);
    }
    await Promise.all([...sessions].map((sessionId) => stopPrograms({ sessionId }, graceMs, () => this.#roots())));
    const allEnded = Promise.all(this.#processes.list().map((held) => held.ended()));
    await Promise.race([allEnded, sleep(stopGraceMs)]);
    this.#endWatch();
    await this.#processes.close();
    await this.#emulators.close();
    this.#links.close("the holder was told to end");
    await sleep(lastWordsMs);
    this.#end();
  }
}
