import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../kit/log";
import { putOffset } from "../protocol/byte-frames";
import { holderFrame } from "../protocol/holder-protocol";
import { boundedLog } from "./bounded-log";
import { Emulators } from "./emulators";
import { endLeftovers } from "./end-leftovers";
import { jsonBytes } from "./frame-pieces";
import { takeLock } from "./holder-lock";
import { Links } from "./links";
import { readProcessFiles } from "./process-file";
import { Processes } from "./processes";
import { stopPrograms } from "./programs";
import type { RequestContext } from "./request-context";
import { ServerNumber } from "./server-number";

export type ServeOptions = { socket: string; dir: string; version: string };
export type Served = { kind: "running"; ended: Promise<void> } | { kind: "other"; pid: number };

const stopGraceMs = 2000;
const lastWordsMs = 200;

/** Holds this directory's programs until told to shut down. `other` when a living holder has the directory already. */
export async function serve({ socket, dir, version }: ServeOptions): Promise<Served> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const lock = takeLock(dir);
  if (lock.kind === "taken") return { kind: "other", pid: lock.pid };
  const log = boundedLog(join(dir, "holder.log"));
  const holder = new Holder(dir, version, log);
  await holder.adopt();
  await holder.listen(socket);
  log.info("holder listens", { pid: process.pid, version });
  return { kind: "running", ended: holder.ended };
}

class Holder {
  readonly #emulators: Emulators;
  readonly #processes: Processes;
  readonly #links: Links;
  readonly #context: RequestContext;
  #server: Server | null = null;
  #end: () => void = () => {};
  #stopping = false;
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });

  constructor(
    private readonly dir: string,
    version: string,
    private readonly log: Log,
  ) {
    const facts = { holderId: randomBytes(8).toString("hex"), version, pid: process.pid };
    this.#links = new Links(facts, new ServerNumber(join(dir, "server-number")), log);
    this.#emulators = new Emulators((error) => log.error("emulator ended", { error }));
    this.#processes = new Processes(join(dir, "processes"), () => this.#emulators.open(), {
      event: (handle, event) => this.#links.broadcast(holderFrame.event, handle, jsonBytes(event)),
      inputTaken: (handle, clientId, position) => this.#inputTaken(handle, clientId, position),
      onError: (message, error) => log.error(message, { error }),
    });
    this.#context = {
      processes: this.#processes,
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
    const found = await readProcessFiles(join(this.dir, "processes"), (dir, error) =>
      this.log.error("process file cannot be read", { dir, error }),
    );
    await endLeftovers(found.map(({ content }) => content));
    for (const { content } of found) await this.#processes.adopt(content);
  }

  listen(path: string): Promise<void> {
    // Ours by the lock: what stands here is of a dead holder.
    rmSync(path, { force: true });
    return new Promise((resolve, reject) => {
      this.#server = createServer((socket) => {
        socket.setNoDelay?.(true);
        this.#links.accept(socket, this.#context);
      });
      this.#server.once("error", reject);
      this.#server.listen(path, () => {
        chmodSync(path, 0o600);
        resolve();
      });
    });
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
    this.log.info("holder ends", { processes: this.#processes.list().length });
    this.#server?.close();
    const sessions = new Set<string>();
    for (const held of this.#processes.list()) {
      held.markKilled();
      if (held.pid !== null) sessions.add(held.sessionId);
    }
    await Promise.all([...sessions].map((sessionId) => stopPrograms({ sessionId }, graceMs, () => this.#roots())));
    const allEnded = Promise.all(this.#processes.list().map((held) => held.ended()));
    await Promise.race([allEnded, sleep(stopGraceMs)]);
    await this.#processes.close();
    await this.#emulators.close();
    this.#links.close("the holder was told to end");
    await sleep(lastWordsMs);
    this.#end();
  }
}
