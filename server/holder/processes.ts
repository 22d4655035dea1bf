import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { PtyEventMessage, RequestOf } from "../protocol/holder-protocol";
import { dropOrder } from "./drop-order";
import type { EmulatorPort } from "./emulator-port";
import { terminalEnvironment } from "./environment";
import { findProgram } from "./find-program";
import { type HeldPlace, HeldProcess } from "./held-process";
import { type NativePty, type PtyStart, startPty } from "./native-pty";
import { type ProcessFile, removeProcessDir } from "./process-file";
import { RequestError } from "./request-error";
import { environmentWith, launched, type Surroundings } from "./surroundings";

export type ProcessesHooks = {
  event(handle: number, event: PtyEventMessage): void;
  inputTaken(handle: number, clientId: string, position: number): void;
  onError(message: string, error: unknown): void;
};

const defaultLogBytes = 64 * 1024 * 1024;
const allLogsBytes = 1024 * 1024 * 1024;

/** All that this holder has, by the terminal's id: one program or log each. */
export class Processes {
  readonly #held = new Map<string, HeldProcess>();
  readonly #byHandle = new Map<number, HeldProcess>();
  /** One change of a terminal at a time, so that two opens give one program. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #nextHandle = 1;
  #logBytes = defaultLogBytes;
  #trimming = false;
  #isEnding = false;

  constructor(
    private readonly place: { root: string; surroundings: Surroundings },
    private readonly emulator: () => EmulatorPort,
    private readonly hooks: ProcessesHooks,
  ) {}

  /** Logs that an earlier holder left, once what it left running was ended. */
  async adopt(file: ProcessFile): Promise<void> {
    this.#add(await HeldProcess.lost(file, this.#place(file.processId)));
  }

  list(): HeldProcess[] {
    return [...this.#held.values()];
  }

  find(processId: string): HeldProcess | null {
    return this.#held.get(processId) ?? null;
  }

  byHandle(handle: number): HeldProcess | null {
    return this.#byHandle.get(handle) ?? null;
  }

  named({ processId, epoch }: { processId: string; epoch: string }): HeldProcess {
    const held = this.#held.get(processId);
    if (held === undefined) throw new RequestError("unknown-process", `no process ${processId} is held here`);
    if (held.epoch !== epoch) throw new RequestError("other-epoch", `process ${processId} was started again`);
    return held;
  }

  /** The running one, or a new one in the place of one that is over. */
  open(request: RequestOf<"open-pty">): Promise<HeldProcess> {
    return this.#inTurn(request.processId, async () => {
      const before = this.#held.get(request.processId);
      if (before !== undefined && before.pid !== null) return before;
      if (this.#isEnding) throw new RequestError("busy", "the host is going down: it starts nothing more");
      const { surroundings } = this.place;
      const whole = environmentWith(surroundings, request.env);
      const found = await findProgram({ ...request, env: whole, isLogin: surroundings.environment !== null });
      if (found.kind === "missing") throw new RequestError("cannot-start", found.reason);
      if (before !== undefined) await this.#remove(before);
      const env = terminalEnvironment({ ...whole, ...found.env }, request);
      const { processId, sessionId, cwd, cols, rows, notice } = request;
      const place = this.#place(processId);
      await removeProcessDir(place.dir);
      const asked = { processId, sessionId, cols, rows, notice, epoch: randomBytes(8).toString("hex") };
      const [file = "", ...args] = launched(surroundings, [found.file, ...found.args]);
      const held = HeldProcess.start(asked, place, started({ file, args, cwd, env, cols, rows }));
      this.#add(held);
      // Nobody hears of a program that a later holder would not know of.
      await held.saved();
      return held;
    });
  }

  /** Only of what is over. */
  forget(processId: string): Promise<void> {
    return this.#inTurn(processId, async () => {
      const held = this.#held.get(processId);
      if (held !== undefined) await this.#remove(held);
    });
  }

  configure({ terminalLogBytes }: { terminalLogBytes: number }): void {
    this.#logBytes = terminalLogBytes;
  }

  /** From now on nothing starts: it would end at once, and its log would stand where the one is that people read. */
  startNoMore(): void {
    this.#isEnding = true;
  }

  async close(): Promise<void> {
    for (const held of this.list()) await held.close();
  }

  #place(processId: string): HeldPlace {
    // The id is the server's own, but a path is never made of what came over a wire.
    const folder = createHash("sha256").update(processId).digest("hex").slice(0, 32);
    return {
      dir: join(this.place.root, folder),
      handle: this.#nextHandle++,
      emulator: this.emulator(),
      hooks: {
        event: (handle, event) => this.hooks.event(handle, event),
        inputTaken: (handle, clientId, position) => this.hooks.inputTaken(handle, clientId, position),
        maxDiskBytes: () => this.#logBytes,
        onDiskBytes: () => this.#trim(),
        onError: (message, error) => this.hooks.onError(message, error),
      },
    };
  }

  #add(held: HeldProcess): void {
    this.#held.set(held.id, held);
    this.#byHandle.set(held.handle, held);
  }

  async #remove(held: HeldProcess): Promise<void> {
    this.#held.delete(held.id);
    this.#byHandle.delete(held.handle);
    held.readers.close();
    await held.remove();
  }

  #inTurn<T>(processId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(processId) ?? Promise.resolve();
    const turn = before.then(work, work);
    const done = turn
      .catch(() => {})
      .then(() => {
        if (this.#turns.get(processId) === done) this.#turns.delete(processId);
      });
    this.#turns.set(processId, done);
    return turn;
  }

  /** All logs together have a bound: the oldest ended ones go first, then the oldest part of the longest. */
  #trim(): void {
    if (this.#trimming || this.#total() <= allLogsBytes) return;
    this.#trimming = true;
    this.#dropUntilItFits()
      .catch((error) => this.hooks.onError("logs not trimmed", error))
      .finally(() => {
        this.#trimming = false;
      });
  }

  async #dropUntilItFits(): Promise<void> {
    while (this.#total() > allLogsBytes) {
      if (!(await this.#dropOne())) return;
    }
  }

  /** Of some only the part is left that is being written. */
  async #dropOne(): Promise<boolean> {
    for (const { log } of dropOrder(this.list())) {
      if (await log.dropOldest()) return true;
    }
    return false;
  }

  #total(): number {
    let bytes = 0;
    for (const held of this.#held.values()) bytes += held.log.diskBytes;
    return bytes;
  }
}

/** Out of PTYs or processes, which the person can do something about. */
function started(start: PtyStart): NativePty {
  try {
    return startPty(start);
  } catch (error) {
    throw new RequestError("cannot-start", error instanceof Error ? error.message : String(error));
  }
}
