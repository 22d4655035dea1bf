import { AppError } from "../domain/app-error";
import { assertNever } from "../domain/assert-never";
import type { Terminal } from "../domain/terminal";
import type { Log } from "../kit/log";
import { Audience } from "./audience";
import { bringViewer, goOn, tellGone } from "./bring-viewer";
import { HubViewer } from "./hub-viewer";
import { ProgramLink, type ProgramState } from "./program-link";
import type { PtyEvent } from "./pty-host";
import type { Source } from "./source";
import type { TerminalDeps } from "./terminal-deps";
import type { Viewer, ViewerAttach, ViewerSocket } from "./terminals";
import { clientOf, type InputOutcome } from "./viewer-input";

const retryMs = 1_000;
const idleMs = 5_000;

/** One terminal's viewers over its program. It outlives them while the program runs. */
export class Hub {
  readonly link: ProgramLink;
  readonly audience: Audience;
  readonly sessionId: string;
  readonly #log: Log;
  readonly #clock: () => Date;
  readonly #kind: Terminal["kind"];
  #lastOutputAt = 0;

  constructor(terminal: Terminal, deps: TerminalDeps) {
    this.#kind = terminal.kind;
    this.sessionId = terminal.sessionId;
    this.#log = deps.log.child({ sessionId: terminal.sessionId, terminalId: terminal.id });
    this.#clock = deps.now;
    this.audience = new Audience(
      () => this.#now(),
      () => this.#fit(),
    );
    this.link = new ProgramLink(
      terminal.id,
      { ...deps, log: this.#log },
      {
        changed: (state) => this.#changed(state),
        output: () => this.#output(),
        event: (event) => this.#event(event),
        inputAck: (name, position) => this.#inputAck(name, position),
        hasReaders: () => this.audience.list().some((viewer) => !viewer.hidden),
        wantedSize: () => this.audience.driver?.size ?? null,
      },
    );
  }

  get ringBytes(): number {
    return this.#source?.ring.heldBytes ?? 0;
  }

  /** Nothing runs and nobody looks: it is made again when asked for. */
  get idle(): boolean {
    const { state } = this.link;
    const over = state.kind === "gone" || (state.kind === "here" && state.source.exit !== null);
    return over && this.audience.size === 0 && !this.link.busy && !this.link.resting;
  }

  attach(attach: ViewerAttach, socket: ViewerSocket): Viewer {
    const outcome = (of: HubViewer) => this.#outcome(of);
    const asked: ViewerAttach = this.#kind === "setup" ? { ...attach, mode: "view" } : attach;
    const viewer = new HubViewer(asked, socket, { log: this.#log, outcome });
    socket.onDrain(() => viewer.output.pump());
    this.audience.join(viewer);
    this.#bring(viewer, this.link.state);
    return {
      input: (position, bytes) => {
        // While it waits nothing is acknowledged: the client sends it again once it is attached.
        if (viewer.phase !== "attached") return;
        this.audience.typed(viewer);
        viewer.input.take({ position, bytes });
      },
      ack: (offset) => {
        if (viewer.phase === "closed" || viewer.output.ack(offset)) return;
        this.#refuse(viewer, "an ack is beyond what was sent");
      },
      resize: (cols, rows) => {
        viewer.size = { cols, rows };
        if (this.audience.driver === viewer) this.#fit();
      },
      request: (type) => this.#request(viewer, type),
      detach: () => {
        viewer.end();
        this.audience.leave(viewer);
      },
    };
  }

  close(): void {
    this.link.close();
  }

  /** Called every few seconds: a place that was kept long enough is free, and a quiet terminal holds no ring. */
  sweep(): void {
    this.audience.expire();
    if (this.#now() - this.#lastOutputAt > idleMs) this.#source?.ring.clear();
  }

  get #source(): Source | null {
    return this.link.state.kind === "here" ? this.link.state.source : null;
  }

  #now(): number {
    return this.#clock().getTime();
  }

  #changed(state: ProgramState): void {
    for (const viewer of this.audience.list()) this.#bring(viewer, state);
    this.#fit();
  }

  #output(): void {
    this.#lastOutputAt = this.#now();
    for (const viewer of this.audience.list()) viewer.output.pump();
  }

  #event(event: PtyEvent): void {
    for (const viewer of this.audience.list()) {
      // What rang while a browser did not read is of no use to it later.
      if (viewer.phase !== "attached" || viewer.output.congested) continue;
      if (event.kind === "warning") viewer.tell({ kind: "error", code: "warning", message: event.message });
      else viewer.tell(event);
    }
  }

  #inputAck(name: string, position: number): void {
    const viewer = this.audience.get(name) ?? this.audience.get(clientOf(name));
    if (viewer?.phase === "attached") viewer.input.took(position);
  }

  /** Takes one viewer to where the program is now. */
  #bring(viewer: HubViewer, state: ProgramState): void {
    switch (state.kind) {
      case "waiting":
        viewer.attempt();
        viewer.phase = "waiting";
        // Nothing that comes is taken from here on, so what was in a hole cannot come either.
        viewer.input.end();
        viewer.tell({ kind: "state", state: "waiting", reason: state.reason });
        break;
      case "gone":
        viewer.output.whenClear(() => tellGone(viewer, state, this.audience));
        break;
      case "here":
        bringViewer(viewer, state.source, this.audience).then(
          (brought) => {
            if (brought.kind === "other-program") this.link.look();
            if (brought.kind === "attached") this.#fit();
          },
          (error: unknown) => this.#again(viewer, error),
        );
        break;
      default:
        assertNever(state);
    }
  }

  #again(viewer: HubViewer, error: unknown): void {
    if (viewer.phase === "closed") return;
    const reason = AppError.is(error) ? error.message : "The server could not attach this viewer; its log says why.";
    if (!AppError.is(error)) this.#log.error("a viewer was not attached", { error: String(error) });
    viewer.tell({ kind: "state", state: "waiting", reason });
    viewer.retryIn(retryMs, () => this.#bring(viewer, this.link.state));
  }

  #outcome(viewer: HubViewer): InputOutcome {
    const drives = () => this.audience.driver === viewer;
    return {
      program: () => {
        const { source } = viewer.output;
        return drives() && source && !source.exit ? source : null;
      },
      ack: (position) => viewer.tell({ kind: "input-ack", position }),
      onceReceived: (listener) => viewer.socket.onceReceived(listener),
      thrown: () => {
        if (drives())
          viewer.tell({ kind: "error", code: "not-running", message: "The program is over: start it again." });
        else viewer.tell({ kind: "error", code: "not-driver", message: "Another viewer drives: take over to type." });
      },
      malformed: (reason) => this.#refuse(viewer, reason),
      full: (reason) => {
        viewer.close("too-slow", reason);
        this.audience.leave(viewer);
      },
    };
  }

  #request(viewer: HubViewer, type: "take" | "release" | "visible" | "hidden"): void {
    if (viewer.phase === "closed") return;
    switch (type) {
      case "take":
        if (this.#kind === "shell") this.audience.take(viewer);
        else viewer.tell({ kind: "error", code: "not-driver", message: "A setup script is not typed into." });
        break;
      case "release":
        this.audience.release(viewer);
        break;
      case "hidden":
        viewer.hidden = true;
        viewer.output.hide();
        break;
      case "visible":
        if (viewer.hidden) this.#show(viewer);
        break;
      default:
        assertNever(type);
    }
  }

  /** As after a drop, from the byte it was sent last; what it types goes on undisturbed. */
  #show(viewer: HubViewer): void {
    viewer.hidden = false;
    viewer.output.whenClear(() => {
      const { source } = viewer.output;
      if (viewer.phase === "attached" && source) goOn(viewer, source, this.audience);
      viewer.output.show();
    });
  }

  #refuse(viewer: HubViewer, reason: string): void {
    viewer.close("malformed", reason);
    this.audience.leave(viewer);
  }

  #fit(): void {
    const size = this.audience.driver?.size;
    if (size) this.#source?.resize(size.cols, size.rows);
  }
}
