import { randomUUID } from "node:crypto";
import { AppError } from "../domain/app-error";
import type { Terminal } from "../domain/terminal";
import { every } from "../kit/every";
import { Hub } from "./hub";
import type { LateViewer } from "./late-viewer";
import { forgetOldLogs } from "./output-log";
import { readTerminal } from "./read-terminal";
import type { TerminalDeps } from "./terminal-deps";
import type { TerminalReading } from "./terminals";

const maxOpenTerminals = 50;
export const defaultSize = { cols: 80, rows: 24 };
const sweepMs = 5_000;
const forgetMs = 6 * 60 * 60 * 1000;

/** What the parts of this room share: rows by session, hubs by terminal. */
export class Room {
  readonly #hubs = new Map<string, Hub>();
  readonly #late = new Map<string, Set<LateViewer>>();
  readonly #loops: Promise<void>[] = [];

  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(readonly deps: TerminalDeps) {}

  /** One at a time for each session, so that two who ask for the same row make one. */
  inTurn<T>(sessionId: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(sessionId) ?? Promise.resolve()).then(work);
    const over = turn.then(
      () => {},
      () => {}, // whoever asked for that turn was told
    );
    this.#turns.set(sessionId, over);
    void over.then(() => this.#turns.get(sessionId) === over && this.#turns.delete(sessionId));
    return turn;
  }

  async start(): Promise<void> {
    const { deps } = this;
    const rows = await deps.store.listBySessions(await deps.activeSessions());
    for (const row of rows) if (!row.closedAt && row.kind === "shell" && !row.exit) this.hub(row).link.look();
    const onError = (error: unknown) => deps.log.error("a loop over terminals failed", { error: String(error) });
    const { signal } = deps;
    this.#loops.push(every(sweepMs, async () => this.#sweep(), { signal, onError }));
    this.#loops.push(every(forgetMs, () => forgetOldLogs(deps), { signal, onError }));
  }

  async detach(): Promise<void> {
    for (const hub of this.#hubs.values()) hub.audience.closeAll("restarting", "The server is restarting.");
    for (const late of this.#late.values())
      for (const { socket } of late) socket.close("restarting", "The server is restarting.");
    await Promise.all([...this.#hubs.values()].map((hub) => hub.link.facts.flush()));
    for (const hub of this.#hubs.values()) hub.close();
    this.#hubs.clear();
    this.#late.clear();
    if (this.deps.signal.aborted) await Promise.all(this.#loops);
  }

  hub(terminal: Terminal): Hub {
    const known = this.#hubs.get(terminal.id);
    if (known) return known;
    const hub = new Hub(terminal, this.deps);
    this.#hubs.set(terminal.id, hub);
    return hub;
  }

  /** Null where nobody looked at its program yet. */
  knownHub(terminalId: string): Hub | null {
    return this.#hubs.get(terminalId) ?? null;
  }

  hubs(): Hub[] {
    return [...this.#hubs.values()];
  }

  forgetHub(terminalId: string): void {
    this.#hubs.get(terminalId)?.close();
    this.#hubs.delete(terminalId);
  }

  read(terminal: Terminal): TerminalReading {
    return readTerminal(terminal, this.#hubs.get(terminal.id)?.link.state.kind === "here");
  }

  /** The row, if it is of that session. */
  async row(sessionId: string, terminalId: string): Promise<Terminal> {
    const terminal = await this.deps.store.get(terminalId);
    if (terminal?.sessionId === sessionId) return terminal;
    throw new AppError("not-found", "There is no such terminal in this session.");
  }

  async openRow(sessionId: string, terminalId: string): Promise<Terminal> {
    const terminal = await this.row(sessionId, terminalId);
    if (!terminal.closedAt) return terminal;
    throw new AppError("not-found", "This terminal was closed.");
  }

  async makeRow(sessionId: string, wanted: Partial<Terminal>): Promise<Terminal> {
    const rows = await this.deps.store.listBySession(sessionId);
    const open = rows.filter((row) => !row.closedAt && row.kind === "shell");
    if (open.length >= maxOpenTerminals) {
      throw new AppError("refused", `A session has at most ${maxOpenTerminals} terminals: close one first.`);
    }
    const terminal: Terminal = {
      id: randomUUID(),
      sessionId,
      kind: "shell",
      title: null,
      programTitle: null,
      command: null,
      ...defaultSize,
      position: rows.reduce((next, row) => Math.max(next, row.position + 1), 0),
      epoch: null,
      exit: null,
      createdAt: this.deps.now(),
      restedAt: null,
      closedAt: null,
      ...wanted,
    };
    await this.deps.store.create(terminal);
    this.deps.changes.session(sessionId);
    return terminal;
  }

  waitForFirst(sessionId: string, late: LateViewer): void {
    const waiting = this.#late.get(sessionId) ?? new Set();
    this.#late.set(sessionId, waiting.add(late));
    late.socket.send({ kind: "state", state: "waiting", reason: "The session is being made." });
  }

  stopWaiting(sessionId: string, late: LateViewer): void {
    this.#late.get(sessionId)?.delete(late);
    if (this.#late.get(sessionId)?.size === 0) this.#late.delete(sessionId);
  }

  lateViewers(sessionId: string): LateViewer[] {
    return [...(this.#late.get(sessionId) ?? [])];
  }

  /** Those who came before the session had a terminal. */
  bringLate(terminal: Terminal): void {
    const late = this.lateViewers(terminal.sessionId);
    this.#late.delete(terminal.sessionId);
    const hub = this.hub(terminal);
    for (const viewer of late) viewer.bring((attach, socket) => hub.attach(attach, socket));
  }

  viewers(sessionId: string): number {
    const hubs = this.hubs().filter((hub) => hub.sessionId === sessionId);
    return hubs.reduce((sum, { audience }) => sum + audience.size, this.lateViewers(sessionId).length);
  }

  #sweep(): void {
    for (const [terminalId, hub] of this.#hubs) {
      hub.sweep();
      if (hub.idle) this.forgetHub(terminalId);
    }
  }
}
