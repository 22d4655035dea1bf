import { join } from "node:path";
import type { ExitState, ProcessState, PtyEventMessage } from "../protocol/holder-protocol";
import { DiskLog } from "./disk-log";
import type { EmulatorPort, Snapshot } from "./emulator-port";
import { InputQueue } from "./input-queue";
import { LogRecords } from "./log-records";
import type { NativePty, PtyEnd } from "./native-pty";
import { type ProcessFile, removeProcessDir } from "./process-file";
import { identityOf, pidNamespace } from "./process-identity";
import { QueryScanner } from "./query-scanner";
import { Readers } from "./readers";
import { replayLog } from "./replay-log";
import { SavedProcess } from "./saved-process";
import { TerminalLog } from "./terminal-log";

/** What a program tells to whoever holds it. */
export type HeldHooks = {
  event(handle: number, event: PtyEventMessage): void;
  inputTaken(handle: number, clientId: string, position: number): void;
  maxDiskBytes(): number;
  onDiskBytes(added: number): void;
  onError(message: string, error: unknown): void;
};

export type HeldPlace = { dir: string; handle: number; hooks: HeldHooks; emulator: EmulatorPort };

export type HeldStart = {
  processId: string;
  sessionId: string;
  epoch: string;
  cols: number;
  rows: number;
  /** Printed before all that the program prints. */
  notice?: string | undefined;
};

/** One program, or the log of one that is over. */
export class HeldProcess {
  readonly log: TerminalLog;
  readonly readers = new Readers();
  #exit: (ExitState & { offset: number }) | null = null;
  #pty: NativePty | null = null;
  #killed = false;
  #diskOff: string | null = null;
  #inputRefused = false;
  #waitsFor = new Set<"disk" | "emulator">();
  readonly #input: InputQueue;
  readonly #scanner: QueryScanner;
  readonly #saved: SavedProcess;
  #onEnd: (() => void)[] = [];
  #replayed: Promise<void> | null = null;

  private constructor(
    private readonly file: ProcessFile,
    private readonly place: HeldPlace,
    disk: DiskLog,
  ) {
    const records = new LogRecords({ cols: file.cols, rows: file.rows });
    for (const record of file.records) records.add(record);
    this.log = new TerminalLog(records, disk, {
      maxDiskBytes: () => place.hooks.maxDiskBytes(),
      onDiskBytes: (added) => place.hooks.onDiskBytes(added),
      onDiskFailure: (error) => this.#diskFailed(error),
      onBehind: (behind) => this.#wait("disk", behind),
      onRecords: () => this.#saved.now(),
    });
    this.#saved = new SavedProcess(
      place.dir,
      () => ({ ...file, records: this.log.records.all }),
      (error) => place.hooks.onError("process file not written", error),
    );
    this.#input = new InputQueue({
      write: (bytes) => this.#pty?.write(bytes) ?? 0,
      onTaken: (clientId, position) => place.hooks.inputTaken(place.handle, clientId, position),
    });
    this.#scanner = new QueryScanner({
      size: () => ({ cols: file.cols, rows: file.rows }),
      answer: (bytes) => this.#input.answer(bytes),
    });
  }

  static start({ notice, ...asked }: HeldStart, place: HeldPlace, pty: NativePty): HeldProcess {
    const disk = DiskLog.empty(join(place.dir, asked.epoch));
    const identity = identityOf(pty.pid);
    const facts = {
      pid: pty.pid,
      identity,
      pidNamespace: pidNamespace(),
      title: null,
      cwd: null,
      endedAt: null,
      records: [],
    };
    const held = new HeldProcess({ ...asked, ...facts }, place, disk);
    held.#run(pty);
    held.log.resized(asked);
    if (notice !== undefined) held.#print(`${notice.replace(/\r?\n/g, "\r\n")}\r\n`);
    return held;
  }

  /** What a holder before this one had: over since it died, at the byte that its log ends with. */
  static async lost(file: ProcessFile, place: HeldPlace): Promise<HeldProcess> {
    const disk = await DiskLog.recover(join(place.dir, file.epoch));
    const last = file.records.at(-1);
    // What is in no log any more ended with the holder, and so did the sizes that it had meanwhile.
    const kept = file.records.map((record) => ({ ...record, offset: Math.min(record.offset, disk.end) }));
    const held = new HeldProcess(last?.kind === "exit" ? file : { ...file, records: kept }, place, disk);
    if (last?.kind === "exit") held.#exit = { ...last.exit, offset: last.offset };
    else held.#end({ code: null, signal: null, reason: "lost" });
    return held;
  }

  get id(): string {
    return this.file.processId;
  }

  get sessionId(): string {
    return this.file.sessionId;
  }

  get epoch(): string {
    return this.file.epoch;
  }

  get handle(): number {
    return this.place.handle;
  }

  get pid(): number | null {
    return this.#exit === null ? this.file.pid : null;
  }

  get endedAt(): number | null {
    return this.file.endedAt;
  }

  get exit(): ExitState | null {
    return this.#exit;
  }

  get title(): string | null {
    return this.file.title;
  }

  state(): ProcessState {
    const { processId, sessionId, epoch, cols, rows, title, cwd } = this.file;
    return {
      ...{ processId, sessionId, epoch, cols, rows, title, cwd },
      handle: this.handle,
      tailOffset: this.log.tail,
      headOffset: this.log.head,
      pid: this.pid,
      exit: this.#exit,
    };
  }

  /** What cannot be taken is said once, until something is taken again: the sender keeps it and sends it anew. */
  input(clientId: string, position: number, bytes: Uint8Array): void {
    // Input to what is over is lost either way: taking it lets the sender forget it.
    if (this.#exit !== null) {
      this.place.hooks.inputTaken(this.handle, clientId, position + bytes.length);
      return;
    }
    const result = this.#input.push(clientId, position, bytes);
    if (result.kind === "taken") this.#inputRefused = false;
    else if (!this.#inputRefused) {
      this.#inputRefused = true;
      const why = result.kind === "hole" ? "input before it is missing" : "the program reads no input";
      this.warn(`input at ${position} was not taken: ${why}; send again from ${result.known}`);
    }
  }

  /** Tells whoever reads it what they must know. */
  warn(message: string): void {
    this.place.hooks.event(this.handle, { kind: "warning", message });
  }

  /** What still holds, for a reader who came after it was said: a first prompt may be enough to find a disk full. */
  remind(): void {
    if (this.#diskOff !== null) this.warn(this.#diskOff);
  }

  inputOffset(clientId: string): number | null {
    return this.#input.known(clientId);
  }

  resize(cols: number, rows: number): void {
    if (this.#pty === null || (cols === this.file.cols && rows === this.file.rows)) return;
    this.#pty.resize(cols, rows);
    this.file.cols = cols;
    this.file.rows = rows;
    // What was read before is of the old size, and has to be there before it in every reader and in the emulator.
    this.place.emulator.resize(cols, rows);
    this.log.resized({ cols, rows });
    this.readers.tell();
  }

  async snapshot(signal: AbortSignal): Promise<Snapshot> {
    if (this.#exit?.reason === "lost") {
      this.#replayed ??= replayLog(this.log, this.place.emulator);
      await this.#replayed;
    }
    return this.place.emulator.snapshot(signal);
  }

  /** From now on its end is told as one that was wanted. */
  markKilled(): void {
    this.#killed = true;
  }

  /** Resolves once its exit stands in the log. */
  ended(): Promise<void> {
    if (this.#exit !== null) return Promise.resolve();
    return new Promise((resolve) => this.#onEnd.push(resolve));
  }

  /** What is known of it now is on disk, or the disk did not take it. */
  saved(): Promise<void> {
    return this.#saved.idle();
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.#saved.idle();
  }

  /** Forgets the log too. */
  async remove(): Promise<void> {
    this.place.emulator.close();
    await this.log.remove();
    await this.#saved.close();
    await removeProcessDir(this.place.dir);
  }

  #run(pty: NativePty): void {
    this.#pty = pty;
    pty.onData((chunk) => this.#read(chunk));
    pty.onEnd((end) => this.#programEnded(end));
    this.place.emulator.start({
      offset: this.log.head,
      cols: this.file.cols,
      rows: this.file.rows,
      onParsed: (offset, answers) => this.#scanner.parsed(offset, answers),
      onEvent: (event) => this.#seen(event),
      onBehind: (behind) => this.#wait("emulator", behind),
    });
  }

  /** Words of ours among the program's output. */
  #print(text: string): void {
    for (const bytes of this.log.append(Buffer.from(text))) this.place.emulator.output(bytes);
  }

  #read(chunk: Buffer): void {
    for (const bytes of this.log.append(chunk)) this.#scanner.scan(bytes, this.place.emulator.output(bytes));
    this.readers.output();
  }

  #programEnded({ code, signal }: PtyEnd): void {
    this.#pty = null;
    this.#input.close();
    this.#end({ code, signal, reason: this.#killed ? "killed" : "exited" });
    this.place.emulator.finish();
    this.log.settle().catch((error) => this.place.hooks.onError("log not settled", error));
  }

  #end(exit: ExitState): void {
    this.#exit = { ...exit, offset: this.log.head };
    this.file.endedAt = Date.now();
    this.log.exit(exit);
    this.readers.tell();
    for (const resolve of this.#onEnd.splice(0)) resolve();
  }

  #seen(event: PtyEventMessage): void {
    if (event.kind === "title") this.file.title = event.title;
    if (event.kind === "cwd") this.file.cwd = event.cwd;
    if (event.kind === "title" || event.kind === "cwd") this.#saved.soon();
    this.place.hooks.event(this.handle, event);
  }

  #wait(reason: "disk" | "emulator", behind: boolean): void {
    if (behind) this.#waitsFor.add(reason);
    else this.#waitsFor.delete(reason);
    if (this.#waitsFor.size > 0) this.#pty?.pause();
    else this.#pty?.resume();
  }

  #diskFailed(error: unknown): void {
    this.place.hooks.onError("disk log turned off", error);
    const reason = error instanceof Error ? error.message : String(error);
    this.#diskOff = `output is no longer kept on disk, only the last 2 MiB in memory: ${reason}`;
    this.remind();
  }
}
