import { AppError } from "../domain/app-error";
import type { ProcessExit } from "../domain/terminal";
import type {
  LinkState,
  PtyEvent,
  PtyHost,
  PtyListener,
  PtyLogSlice,
  PtySnapshot,
  PtySpec,
  PtyState,
} from "../terminals/pty-host";
import { type LogCursor, MemoryLog } from "./memory-log";

type Input = { clientId: string; position: number; bytes: Uint8Array };
type EchoProcess = {
  spec: PtySpec;
  epoch: string;
  log: MemoryLog;
  cols: number;
  rows: number;
  title: string | null;
  cwd: string | null;
  exit: PtyState["exit"];
  typed: Uint8Array[];
  positions: Map<string, number>;
};
type Subscription = { processId: string; epoch: string; cursor: LogCursor; sized: boolean; listener: PtyListener };

/** The command whose program prints its arguments and ends with a code, as `sh -c 'printf …; exit n'` would. */
export const printAndExit = (text: string, code: number): string[] => ["print-and-exit", text, String(code)];

/**
 * A PTY host in memory: every program echoes what is typed. A test is the program through `emit`, `exit` and `event`,
 * and the network through `drop`, `restore`, `overflow` and `lose`.
 */
export class EchoPtyHost implements PtyHost {
  readonly #processes = new Map<string, EchoProcess>();
  readonly #subscriptions = new Set<Subscription>();
  readonly #listeners = new Set<(state: LinkState) => void>();
  /** Written while away: the adapter sends it once it is back. */
  #waiting: { processId: string; epoch: string; input: Input }[] = [];
  #state: LinkState = { kind: "here" };
  #epochs = 0;
  #pumping = false;
  /** False makes programs swallow their input, so that a test decides all output. */
  echo = true;

  async open(spec: PtySpec): Promise<PtyState> {
    this.#reach();
    const running = this.#processes.get(spec.processId);
    if (running && !running.exit) return this.#stateOf(running);
    this.#epochs += 1;
    const epoch = `epoch-${this.#epochs}`;
    const { cols, rows } = spec;
    const log = new MemoryLog();
    log.resized(cols, rows);
    const opened: EchoProcess = {
      ...{ spec, epoch, log, cols, rows, title: null, cwd: spec.cwd, exit: null },
      typed: [],
      positions: new Map(),
    };
    this.#processes.set(spec.processId, opened);
    if (spec.notice !== undefined) log.output(Buffer.from(`${spec.notice.replace(/\r?\n/g, "\r\n")}\r\n`));
    this.#lost(spec.processId, (each) => each.epoch !== epoch, "it was started again");
    if (spec.command?.[0] === "print-and-exit") {
      this.emit(spec.processId, spec.command[1] ?? "");
      this.exit(spec.processId, { code: Number(spec.command[2]), signal: null, reason: "exited" });
    }
    return this.#stateOf(opened);
  }

  async find(processId: string): Promise<PtyState | null> {
    this.#reach();
    const found = this.#processes.get(processId);
    return found ? this.#stateOf(found) : null;
  }

  // The port's longer lists of parameters, as objects.
  readonly subscribe: PtyHost["subscribe"] = (processId, epoch, { offset }, listener) =>
    this.#subscribe({ processId, epoch, cursor: { offset, sequence: 0 }, sized: false, listener });

  readonly readLog: PtyHost["readLog"] = (processId, epoch, from, limitBytes) =>
    this.#readLog(processId, epoch, { from, limitBytes });

  readonly resize: PtyHost["resize"] = (processId, epoch, cols, rows) => this.#resize(processId, epoch, { cols, rows });

  async snapshot(processId: string, epoch: string): Promise<PtySnapshot> {
    const { log, cols, rows } = this.#get(processId, epoch);
    return { epoch, offset: log.headOffset, cols, rows, bytes: log.bytes() };
  }

  write(processId: string, epoch: string, input: Input): void {
    this.#waiting.push({ processId, epoch, input: { ...input, bytes: input.bytes.slice() } });
    queueMicrotask(() => this.#type());
  }

  async inputOffset(processId: string, epoch: string, clientId: string): Promise<number | null> {
    return this.#get(processId, epoch).positions.get(clientId) ?? null;
  }

  async kill(processId: string): Promise<void> {
    this.#reach();
    const found = this.#processes.get(processId);
    if (found && !found.exit) this.exit(processId, { code: null, signal: "SIGTERM", reason: "killed" });
  }

  async forget(processId: string): Promise<void> {
    await this.kill(processId);
    this.lose(processId, "it was forgotten");
  }

  state(): LinkState {
    return this.#state;
  }

  onState(listener: (state: LinkState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the program prints. */
  emit(processId: string, output: string | Uint8Array): void {
    const bytes = typeof output === "string" ? Buffer.from(output) : output;
    this.#must(processId).log.output(bytes);
    this.#pump();
  }

  exit(processId: string, exit: ProcessExit): void {
    const ended = this.#must(processId);
    ended.exit = { ...exit, offset: ended.log.headOffset };
    ended.log.exit(exit);
    this.#pump();
  }

  event(processId: string, event: PtyEvent): void {
    const found = this.#must(processId);
    if (event.kind === "title") found.title = event.title;
    if (event.kind === "cwd") found.cwd = event.cwd;
    for (const each of this.#subscriptions) if (each.processId === processId) each.listener.onEvent(event);
  }

  /** All that was typed, once each. */
  typed(processId: string): string {
    return Buffer.concat(this.#must(processId).typed).toString();
  }

  /** The log forgets all but its last `keepBytes`. */
  overflow(processId: string, keepBytes: number): void {
    this.#must(processId).log.overflow(keepBytes);
  }

  /** The holder no longer knows the program, as after its own death. */
  lose(processId: string, reason: string): void {
    this.#processes.delete(processId);
    if (this.#state.kind === "here") this.#lost(processId, () => true, reason);
  }

  drop(reason = "dropped by the test"): void {
    this.#setState({ kind: "away", since: new Date(), reason });
  }

  restore(): void {
    this.#setState({ kind: "here" });
    this.#type();
    this.#pump();
  }

  #subscribe(subscription: Subscription): () => void {
    const { processId, epoch, cursor } = subscription;
    this.#subscriptions.add(subscription);
    const known = this.#processes.get(processId);
    if (known?.epoch === epoch) subscription.cursor = known.log.cursorAt(cursor.offset);
    queueMicrotask(() => this.#pump());
    return () => this.#subscriptions.delete(subscription);
  }

  async #readLog(
    processId: string,
    epoch: string,
    { from, limitBytes }: { from: number; limitBytes: number },
  ): Promise<PtyLogSlice> {
    const { log } = this.#get(processId, epoch);
    const { records } = log.read(log.cursorAt(from), limitBytes);
    const { tailOffset, headOffset } = log;
    return { epoch, records: [log.sizeAt(from), ...records], tailOffset, headOffset };
  }

  #resize(processId: string, epoch: string, { cols, rows }: { cols: number; rows: number }): void {
    const found = this.#processes.get(processId);
    if (this.#state.kind === "away" || !found || found.epoch !== epoch || found.exit) return;
    found.cols = cols;
    found.rows = rows;
    found.log.resized(cols, rows);
    this.#pump();
  }

  #setState(state: LinkState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  #reach(): void {
    if (this.#state.kind === "away") throw new AppError("unavailable", `The host is away: ${this.#state.reason}`);
  }

  #must(processId: string): EchoProcess {
    const found = this.#processes.get(processId);
    if (!found) throw new AppError("not-found", `No program ${processId} is known to this host.`);
    return found;
  }

  #get(processId: string, epoch: string): EchoProcess {
    this.#reach();
    const found = this.#must(processId);
    if (found.epoch !== epoch) throw new AppError("conflict", `The program ${processId} was started again.`);
    return found;
  }

  #stateOf({ epoch, log, cols, rows, title, cwd, exit }: EchoProcess): PtyState {
    const { tailOffset, headOffset } = log;
    return { epoch, cols, rows, tailOffset, headOffset, pid: exit ? null : 4_711, title, cwd, exit };
  }

  #lost(processId: string, which: (subscription: Subscription) => boolean, reason: string): void {
    for (const each of [...this.#subscriptions]) {
      if (each.processId !== processId || !which(each)) continue;
      this.#subscriptions.delete(each);
      each.listener.onLost(reason);
    }
  }

  #type(): void {
    if (this.#state.kind === "away") return;
    for (const { processId, epoch, input } of this.#waiting.splice(0)) {
      const found = this.#processes.get(processId);
      if (found?.epoch !== epoch) continue;
      const known = found.positions.get(input.clientId) ?? input.position;
      const fresh = found.exit ? new Uint8Array(0) : input.bytes.slice(Math.max(0, known - input.position));
      const position = Math.max(known, input.position + input.bytes.length);
      found.positions.set(input.clientId, position);
      if (fresh.length > 0) found.typed.push(fresh);
      if (this.echo && fresh.length > 0) this.emit(processId, fresh);
      for (const each of this.#subscriptions) {
        if (each.processId === processId) each.listener.onInputAck(input.clientId, position);
      }
    }
  }

  /** Gives every subscription what it has not had yet. A listener that makes more output gets it after this. */
  #pump(): void {
    if (this.#state.kind === "away") return;
    if (this.#pumping) {
      queueMicrotask(() => this.#pump());
      return;
    }
    this.#pumping = true;
    try {
      this.#deliver();
    } finally {
      this.#pumping = false;
    }
  }

  #deliver(): void {
    for (const each of [...this.#subscriptions]) {
      const found = this.#processes.get(each.processId);
      if (found?.epoch !== each.epoch) {
        this.#lost(each.processId, (other) => other === each, "the host knows no such program");
        continue;
      }
      const { records, next } = found.log.read(each.cursor, Number.POSITIVE_INFINITY);
      if (!each.sized) records.unshift(found.log.sizeAt(each.cursor.offset));
      each.sized = true;
      each.cursor = next;
      for (const record of records) if (this.#subscriptions.has(each)) each.listener.onRecord(record);
    }
  }
}
