import { AppError } from "../domain/app-error";
import type { ProcessExit, Terminal } from "../domain/terminal";
import { endedBadly } from "./ended-badly";
import { FactWriter } from "./fact-writer";
import type { PtyEvent, PtyHost, PtyListener, PtyState } from "./pty-host";
import { restNotice } from "./rest-notice";
import { processIdOf, Source } from "./source";
import type { TerminalDeps, TerminalSession } from "./terminal-deps";
import { watchUrls } from "./watch-urls";

export type ProgramState =
  | { kind: "waiting"; reason: string }
  | { kind: "here"; source: Source }
  /** Over, and the host has nothing of it any more. */
  | { kind: "gone"; epoch: string; exit: ProcessExit & { offset: number } };

export type ProgramListener = {
  changed(state: ProgramState): void;
  output(): void;
  event(event: PtyEvent): void;
  inputAck(clientId: string, position: number): void;
  /** Whether output is worth keeping. */
  hasReaders(): boolean;
  /** The driver's, where there is one. */
  wantedSize(): { cols: number; rows: number } | null;
};

type Known = { terminal: Terminal; session: TerminalSession; host: PtyHost };
type Where = { cwd: string; env: Record<string, string> };

const windowBytes = 512 * 1024;
const killGraceMs = 2_000;
const retryMs = { unavailable: 2_000, other: 10_000 };
const maxTitle = 200;

/** Keeps one terminal's program: looks, starts it where it never ran, subscribes, stores its facts. One step at a time. */
export class ProgramLink {
  state: ProgramState = { kind: "waiting", reason: "The terminal is being made." };
  /** Its host is being put to rest: what ends now is started again only once the host is back. */
  resting = false;
  readonly facts: FactWriter;
  #source: Source | null = null;
  #unsubscribe: (() => void) | null = null;
  #host: PtyHost | null = null;
  #unlisten: (() => void) | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #looking = false;
  #turns = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    readonly terminalId: string,
    readonly deps: TerminalDeps,
    readonly listener: ProgramListener,
  ) {
    const { log } = deps;
    this.facts = new FactWriter(async (patch) => {
      const { sessionId } = await deps.store.update(terminalId, patch);
      deps.changes.session(sessionId);
    }, log);
  }

  /** Sees to it in the background; what fails is told to viewers and tried again. */
  look(): void {
    if (this.#looking || this.#closed) return;
    this.#looking = true;
    this.#inTurn(() => {
      this.#looking = false;
      return this.#settle(null);
    }).catch((error: unknown) => this.#failed(error));
  }

  /** Asked by whoever comes: where something is under way already, it tells. */
  lookUnlessHere(): void {
    if (this.state.kind !== "here" && this.#retry === undefined) this.look();
  }

  /** The program was started, now or before; rejects with the reason why it could not be. */
  start(where: Where | null): Promise<void> {
    return this.#inTurn(() => this.#settle(where)).catch((error: unknown) => {
      if (AppError.is(error)) this.#failed(error);
      throw error;
    });
  }

  /** A new program and epoch, whatever ran before. */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      const known = await this.#known();
      const { terminal, host } = known;
      try {
        await host.kill(processIdOf(terminal), killGraceMs);
        const found = await this.#open(known, null);
        await this.#adopt(host, { ...terminal, epoch: null }, found);
      } catch (error) {
        this.look();
        throw error;
      }
    });
  }

  /** Kills what runs and throws its log away. */
  end(): Promise<void> {
    return this.#inTurn(async () => {
      const { terminal, host } = await this.#known();
      await host.kill(processIdOf(terminal), killGraceMs);
      await host.forget(processIdOf(terminal));
    });
  }

  /** Lets go of the program, which goes on. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#letGo();
    this.#unlisten?.();
    this.#unlisten = null;
    this.facts.drop();
  }

  /** Something is being done to the program, which may then be another one. */
  get busy(): boolean {
    return this.#turns > 0;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#turns += 1;
    const turn = this.#turn.then(work).finally(() => {
      this.#turns -= 1;
    });
    this.#turn = turn.catch(() => {}); // whoever asked for that turn was told
    return turn;
  }

  async #known(): Promise<Known> {
    const terminal = await this.deps.store.get(this.terminalId);
    if (!terminal || terminal.closedAt) throw new AppError("not-found", "This terminal is closed.");
    const session = await this.deps.session(terminal.sessionId);
    if (!session) throw new AppError("not-found", "The session of this terminal is not known.");
    const host = this.deps.ptys(session.host);
    this.#listen(host);
    const state = host.state();
    if (state.kind === "away") throw new AppError("unavailable", `The host is away: ${state.reason}`);
    return { terminal, session, host };
  }

  async #settle(where: Where | null): Promise<void> {
    if (this.#closed) return;
    const known = await this.#known();
    const { terminal, host } = known;
    const found = await host.find(processIdOf(terminal));
    if (terminal.restedAt !== null) return this.#settleRested(known, found, terminal.restedAt);
    if (found) return this.#adopt(host, terminal, found);
    if (terminal.exit && terminal.epoch !== null)
      return this.#set({ kind: "gone", epoch: terminal.epoch, exit: terminal.exit });
    if (terminal.epoch === null) return this.#adopt(host, terminal, await this.#open(known, where));
    const exit = { code: null, signal: null, reason: "lost" as const, offset: this.#source?.ring.end ?? 0 };
    await this.#recordExit(terminal.epoch, exit);
    this.#letGo();
    this.#set({ kind: "gone", epoch: terminal.epoch, exit });
  }

  /** One that still runs goes on, and is kept in mind no longer than its host is being put to rest. */
  async #settleRested(known: Known, found: PtyState | null, restedAt: Date): Promise<void> {
    const { terminal, host } = known;
    if (found && !found.exit) {
      if (!this.resting) await this.deps.store.update(terminal.id, { restedAt: null });
      return this.#adopt(host, terminal, found);
    }
    if (this.resting) return this.#set({ kind: "waiting", reason: "Its pod is being taken down." });
    const notice = await restNotice(this.deps, { terminal, restedAt, found });
    return this.#adopt(host, terminal, await this.#open(known, null, notice));
  }

  #open({ terminal, session, host }: Known, where: Where | null, notice?: string): Promise<PtyState> {
    if (session.ended) throw new AppError("conflict", "The session is ended.");
    const cwd = where?.cwd ?? (terminal.kind === "setup" ? null : session.cwd);
    if (cwd === null) throw new AppError("unavailable", "The worktree is being made.");
    const { cols, rows } = this.listener.wantedSize() ?? terminal;
    const { sessionId, command } = terminal;
    const env = { ...session.env, ...where?.env };
    const told = notice === undefined ? {} : { notice };
    return host.open({ processId: processIdOf(terminal), sessionId, command, cwd, env, cols, rows, ...told });
  }

  async #adopt(host: PtyHost, terminal: Terminal, found: PtyState): Promise<void> {
    if (terminal.epoch !== found.epoch) {
      this.facts.drop();
      await this.deps.store.update(terminal.id, { epoch: found.epoch, exit: null, restedAt: null, programTitle: null });
      this.deps.changes.session(terminal.sessionId);
    }
    const kept = this.#source?.epoch === found.epoch && (this.#unsubscribe || this.#source.exit) ? this.#source : null;
    const source = kept ?? new Source(host, processIdOf(terminal), found);
    if (!kept) {
      this.#letGo();
      this.#source = source;
      const from = { offset: found.headOffset, windowBytes };
      if (!found.exit)
        this.#unsubscribe = host.subscribe(source.processId, found.epoch, from, this.#listenTo(source, terminal));
    }
    if (found.title !== null && found.title !== terminal.programTitle) this.#title(found.title);
    if (found.exit) await this.#recordExit(found.epoch, found.exit);
    this.#set({ kind: "here", source });
  }

  #listenTo(source: Source, { sessionId }: Terminal): PtyListener {
    const lookForUrls = watchUrls((url) => this.deps.urlSeen?.(sessionId, url));
    const current = () => this.#source === source && !this.#closed;
    return {
      onRecord: (record) => {
        if (!current()) return;
        source.take(record, this.listener.hasReaders());
        if (record.kind === "resized") this.facts.put({ cols: record.cols, rows: record.rows });
        if (record.kind === "exit") this.#exited(source, { ...record.exit, offset: record.offset });
        this.listener.output();
        lookForUrls(record, source.size.cols, this.deps.now().getTime());
      },
      onEvent: (event) => {
        if (!current()) return;
        if (event.kind === "title") this.#title(event.title);
        this.listener.event(event);
      },
      onInputAck: (clientId, position) => current() && this.listener.inputAck(clientId, position),
      onLost: (reason) => {
        if (!current()) return;
        this.deps.log.info("a terminal's program is no longer the one that was followed", { reason });
        this.#unsubscribe = null;
        this.look();
      },
    };
  }

  #title(title: string): void {
    this.facts.put({ programTitle: title.slice(0, maxTitle) });
  }

  #exited(source: Source, exit: ProcessExit & { offset: number }): void {
    this.#inTurn(() => this.#recordExit(source.epoch, exit)).catch((error: unknown) => this.#failed(error));
  }

  /** Once: a second telling of the same end changes nothing. */
  async #recordExit(epoch: string, exit: ProcessExit & { offset: number }): Promise<void> {
    const before = await this.deps.store.get(this.terminalId);
    if (before?.epoch !== epoch || before.exit || before.restedAt) return;
    const { code, signal, reason, offset } = exit;
    const at = this.deps.now();
    const terminal = await this.deps.store.update(this.terminalId, { exit: { code, signal, reason, offset, at } });
    this.deps.changes.session(terminal.sessionId);
    if (terminal.kind !== "shell" || !endedBadly(exit)) return;
    const session = await this.deps.session(terminal.sessionId);
    if (session && !session.ended && !terminal.closedAt) this.deps.programEnded?.(terminal);
  }

  #listen(host: PtyHost): void {
    if (this.#host === host) return;
    this.#unlisten?.();
    this.#host = host;
    this.#unlisten = host.onState((state) => {
      if (state.kind === "here") return this.look();
      this.resting = false;
      this.#set({ kind: "waiting", reason: `The host is away: ${state.reason}` });
    });
  }

  #failed(error: unknown): void {
    if (this.#closed) return;
    const expected = AppError.is(error);
    const reason = expected ? error.message : "The server could not see to this terminal; its log says why.";
    if (!expected) this.deps.log.error("a terminal was not seen to", { error: String(error) });
    this.#set({ kind: "waiting", reason });
    clearTimeout(this.#retry);
    if (this.#host?.state().kind === "away") return; // its coming back is told
    this.#retry = setTimeout(
      () => this.look(),
      expected && error.code === "unavailable" ? retryMs.unavailable : retryMs.other,
    );
    this.#retry.unref();
  }

  #set(state: ProgramState): void {
    if (this.#closed) return;
    const same = state.kind === "here" && this.state.kind === "here" && state.source === this.state.source;
    this.state = state;
    if (!same) this.listener.changed(state);
  }

  #letGo(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#source = null;
  }
}
