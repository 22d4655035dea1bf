import { AppError } from "../domain/app-error";
import { assertNever } from "../domain/assert-never";
import type { Terminal } from "../domain/terminal";
import type { Log } from "../kit/log";
import { HubViewer } from "./hub-viewer";
import { type Beginning, prepareBeginning } from "./prepare-beginning";
import { ProgramLink, type ProgramState } from "./program-link";
import type { PtyEvent } from "./pty-host";
import { expired, type Seat, seatOnAttach, seatOnDetach, seatOnInput, seatOnRelease } from "./seat";
import type { Source } from "./source";
import type { TerminalDeps } from "./terminal-deps";
import type { Viewer, ViewerAttach, ViewerClose, ViewerSocket } from "./terminals";

const retryMs = 1_000;
const idleMs = 5_000;

/** One terminal's viewers over its program. It outlives them while the program runs. */
export class Hub {
  readonly link: ProgramLink;
  readonly #viewers = new Map<string, HubViewer>();
  readonly #log: Log;
  readonly #kind: Terminal["kind"];
  #seat: Seat = { kind: "free" };
  #lastOutputAt = 0;

  constructor(
    terminal: Terminal,
    readonly deps: TerminalDeps,
  ) {
    this.#kind = terminal.kind;
    this.#log = deps.log.child({ sessionId: terminal.sessionId, terminalId: terminal.id });
    this.link = new ProgramLink(
      terminal.id,
      deps,
      {
        changed: (state) => this.#changed(state),
        output: () => this.#output(),
        event: (event) => this.#event(event),
        inputAck: (clientId, position) => this.#inputAck(clientId, position),
        hasReaders: () => this.#list().some((viewer) => !viewer.hidden),
        wantedSize: () => this.#driver()?.size ?? null,
      },
      this.#log,
    );
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  get ringBytes(): number {
    return this.link.state.kind === "here" ? this.link.state.source.ring.heldBytes : 0;
  }

  /** Nothing runs and nobody looks: it is made again when asked for. */
  get idle(): boolean {
    const { state } = this.link;
    const over = state.kind === "gone" || (state.kind === "here" && state.source.exit !== null);
    return over && this.#viewers.size === 0;
  }

  attach(attach: ViewerAttach, socket: ViewerSocket): Viewer {
    const viewer = new HubViewer(attach, this.#kind === "setup" ? "view" : attach.mode, socket, this.#log);
    this.#viewers.get(viewer.clientId)?.close("replaced", "This terminal was opened again from the same page.");
    this.#viewers.set(viewer.clientId, viewer);
    socket.onDrain(() => viewer.output.pump());
    this.#sit(seatOnAttach(this.#seat, viewer, this.#now()));
    this.#presence();
    this.#bring(viewer, this.link.state);
    return {
      input: (position, bytes) => this.#input(viewer, position, bytes),
      ack: (offset) => {
        if (viewer.phase === "closed" || viewer.output.ack(offset)) return;
        this.#drop(viewer, "malformed", "an ack is beyond what was sent");
      },
      resize: (cols, rows) => {
        viewer.size = { cols, rows };
        if (this.#driver() === viewer) this.#fit();
      },
      request: (type) => this.#request(viewer, type),
      detach: () => this.#drop(viewer, null, ""),
    };
  }

  closeViewers(reason: ViewerClose, message: string): void {
    for (const viewer of this.#list()) viewer.close(reason, message);
    this.#viewers.clear();
    this.#seat = { kind: "free" };
  }

  close(): void {
    this.link.close();
  }

  /** Called every few seconds: a place that was kept long enough is free, and a quiet terminal holds no ring. */
  sweep(): void {
    const seat = expired(this.#seat, this.#now());
    if (seat !== this.#seat) this.#sit(seat);
    if (this.link.state.kind === "here" && this.#now() - this.#lastOutputAt > idleMs)
      this.link.state.source.ring.clear();
  }

  #now(): number {
    return this.deps.now().getTime();
  }

  #list(): HubViewer[] {
    return [...this.#viewers.values()];
  }

  #driver(): HubViewer | undefined {
    return this.#seat.kind === "driven" ? this.#viewers.get(this.#seat.clientId) : undefined;
  }

  #changed(state: ProgramState): void {
    for (const viewer of this.#list()) this.#bring(viewer, state);
    if (state.kind === "here") this.#fit();
  }

  #output(): void {
    this.#lastOutputAt = this.#now();
    for (const viewer of this.#viewers.values()) viewer.output.pump();
  }

  #event(event: PtyEvent): void {
    const message =
      event.kind === "warning" ? { kind: "error" as const, code: "warning", message: event.message } : event;
    for (const viewer of this.#list()) {
      // What rang while a browser did not read is of no use to it later.
      if (viewer.phase === "attached" && !viewer.output.congested) viewer.tell(message);
    }
  }

  #inputAck(clientId: string, position: number): void {
    const viewer = this.#viewers.get(clientId);
    if (viewer?.phase === "attached") viewer.tell({ kind: "input-ack", position: viewer.input.took(position) });
  }

  /** Takes one viewer to where the program is now. */
  #bring(viewer: HubViewer, state: ProgramState): void {
    clearTimeout(viewer.retry);
    viewer.attempt += 1;
    switch (state.kind) {
      case "waiting":
        viewer.phase = "waiting";
        viewer.tell({ kind: "state", state: "waiting", reason: state.reason });
        return;
      case "gone":
        this.#tellGone(viewer, state);
        return;
      case "here":
        this.#begin(viewer, state.source).catch((error: unknown) => this.#again(viewer, error));
        return;
      default:
        assertNever(state);
        return;
    }
  }

  async #begin(viewer: HubViewer, source: Source): Promise<void> {
    const { attempt } = viewer;
    const [found, inputOffset] = await Promise.all([source.find(), source.inputOffset(viewer.clientId)]);
    if (viewer.attempt !== attempt) return;
    if (found?.epoch !== source.epoch) return this.link.look();
    const { source: former, sent } = viewer.output;
    const wanted = former?.epoch === source.epoch ? { epoch: source.epoch, offset: sent } : viewer.wanted;
    const beginning = former === source ? null : await prepareBeginning(source, found, wanted);
    if (viewer.attempt !== attempt) return;
    viewer.output.whenClear(() => {
      if (viewer.attempt === attempt)
        this.#tellAttached(viewer, source, { beginning, inputOffset, head: found.headOffset });
    });
  }

  #tellAttached(
    viewer: HubViewer,
    source: Source,
    { beginning, inputOffset, head }: { beginning: Beginning | null; inputOffset: number | null; head: number },
  ): void {
    const sameSocket = viewer.output.source !== null;
    viewer.phase = "attached";
    viewer.wanted = { epoch: null, offset: null };
    viewer.input.begin(inputOffset, sameSocket ? this.#now() : null);
    viewer.tell({ kind: "state", state: "here", reason: null });
    const { output } = viewer;
    const { replay, offset, size } = beginning ?? { replay: "resume" as const, offset: output.sent, size: output.size };
    viewer.tell({
      kind: "attached",
      epoch: source.epoch,
      offset,
      headOffset: Math.max(head, source.ring.end),
      ...size,
      role: this.#role(viewer),
      inputOffset,
      replay,
    });
    this.#presenceTo(viewer);
    if (beginning) output.begin(source, beginning.start, size);
    else output.again();
    if (this.#driver() === viewer) this.#fit();
  }

  #tellGone(viewer: HubViewer, { epoch, exit }: Extract<ProgramState, { kind: "gone" }>): void {
    const { source, sent } = viewer.output;
    const had = source ? { epoch: source.epoch, offset: sent } : viewer.wanted;
    const resumes = had.epoch === epoch && had.offset !== null && had.offset <= exit.offset;
    const offset = resumes ? (had.offset ?? 0) : 0;
    viewer.output.stop();
    viewer.phase = "attached";
    const told = { epoch, offset, headOffset: exit.offset, ...viewer.size, inputOffset: null };
    viewer.tell({ kind: "attached", ...told, role: this.#role(viewer), replay: resumes ? "resume" : "log" });
    if (offset < exit.offset) viewer.tell({ kind: "gap", from: offset, to: exit.offset });
    const { code, signal, reason } = exit;
    viewer.tell({ kind: "exit", offset: exit.offset, exit: { code, signal, reason } });
  }

  #again(viewer: HubViewer, error: unknown): void {
    if (viewer.phase === "closed") return;
    const reason = AppError.is(error) ? error.message : "The server could not attach this viewer; its log says why.";
    if (!AppError.is(error)) this.#log.error("a viewer was not attached", { error: String(error) });
    viewer.tell({ kind: "state", state: "waiting", reason });
    viewer.retry = setTimeout(() => this.#bring(viewer, this.link.state), retryMs);
    viewer.retry.unref();
  }

  #input(viewer: HubViewer, position: number, bytes: Uint8Array): void {
    const { source } = viewer.output;
    // Not acknowledged: the client sends it again once it is attached.
    if (viewer.phase !== "attached") return;
    const verdict = viewer.input.take(position, bytes.length, this.#now());
    if (verdict.kind === "malformed") {
      this.#drop(viewer, "malformed", verdict.reason);
      return;
    }
    if (verdict.kind === "crossed") return;
    this.#sit(seatOnInput(this.#seat, viewer, { viewers: this.#viewers.size, now: this.#now() }));
    const drives = this.#driver() === viewer;
    if (drives && source && !source.exit) {
      if (verdict.kind === "new") {
        viewer.input.wrote();
        source.write(viewer.clientId, verdict.position, bytes.subarray(verdict.skip));
      } else if (!viewer.input.wasThrown(position + bytes.length)) source.write(viewer.clientId, position, bytes);
      return;
    }
    const ack = verdict.kind === "new" ? viewer.input.threw() : position + bytes.length;
    if (ack !== null) viewer.tell({ kind: "input-ack", position: ack });
    if (drives)
      viewer.tell({ kind: "error", code: "not-running", message: "The program is over: restart it to type." });
    else viewer.tell({ kind: "error", code: "not-driver", message: "Another viewer drives: take over to type." });
  }

  #request(viewer: HubViewer, type: "take" | "release" | "visible" | "hidden"): void {
    if (viewer.phase === "closed") return;
    switch (type) {
      case "take":
        if (this.#kind === "shell") {
          this.#sit({ kind: "driven", clientId: viewer.clientId });
          return;
        }
        viewer.tell({ kind: "error", code: "not-driver", message: "A setup script is not typed into." });
        return;
      case "release":
        this.#sit(seatOnRelease(this.#seat, viewer.clientId));
        return;
      case "hidden":
        viewer.hidden = true;
        viewer.output.hide();
        return;
      case "visible":
        if (viewer.hidden) this.#show(viewer);
        return;
      default:
        assertNever(type);
        return;
    }
  }

  /** As after a drop, from the byte it was sent last; what it types goes on undisturbed. */
  #show(viewer: HubViewer): void {
    viewer.hidden = false;
    const { output, input } = viewer;
    const { source } = output;
    if (viewer.phase !== "attached" || !source) {
      output.show();
      return;
    }
    const headOffset = Math.max(source.ring.end, output.sent);
    const told = { epoch: source.epoch, offset: output.sent, headOffset, ...output.size, inputOffset: input.expected };
    output.whenClear(() => {
      viewer.tell({ kind: "attached", ...told, offset: output.sent, role: this.#role(viewer), replay: "resume" });
      output.show();
    });
  }

  #drop(viewer: HubViewer, reason: ViewerClose | null, message: string): void {
    if (reason === null) viewer.end();
    else viewer.close(reason, message);
    if (this.#viewers.get(viewer.clientId) !== viewer) return;
    this.#viewers.delete(viewer.clientId);
    this.#sit(seatOnDetach(this.#seat, viewer.clientId, this.#now()));
    this.#presence();
  }

  /** Who drives from now on; a change is told to all, and the program gets the new driver's size. */
  #sit(seat: Seat): void {
    const before = this.#driverId();
    this.#seat = seat;
    if (this.#driverId() === before) return;
    for (const viewer of this.#list()) {
      if (viewer.phase !== "attached") continue;
      viewer.tell({ kind: "role", role: this.#role(viewer), driverId: this.#driverId() });
    }
    this.#presence();
    this.#fit();
  }

  #driverId(): string | null {
    return this.#seat.kind === "driven" ? this.#seat.clientId : null;
  }

  #role(viewer: HubViewer): "driver" | "viewer" {
    return this.#driverId() === viewer.clientId ? "driver" : "viewer";
  }

  #presence(): void {
    for (const viewer of this.#list()) if (viewer.phase === "attached") this.#presenceTo(viewer);
  }

  #presenceTo(viewer: HubViewer): void {
    viewer.tell({ kind: "presence", viewers: this.#viewers.size, driver: this.#seat.kind === "driven" });
  }

  #fit(): void {
    const size = this.#driver()?.size;
    if (size && this.link.state.kind === "here") this.link.state.source.resize(size.cols, size.rows);
  }
}
