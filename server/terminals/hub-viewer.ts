import type { Log } from "../kit/log";
import type { ViewerAttach, ViewerClose, ViewerMessage, ViewerSocket } from "./terminals";
import { type InputOutcome, ViewerInput } from "./viewer-input";
import { ViewerOutput } from "./viewer-output";

/** A browser that lets this much pile up does not read at all. */
const maxBufferedBytes = 2 * 1024 * 1024;
const maxHeld = 1_000;

/** One browser on a terminal: what it asked for, and what it was told. */
export class HubViewer {
  readonly clientId: string;
  readonly mode: ViewerAttach["mode"];
  readonly output: ViewerOutput;
  readonly input: ViewerInput;
  /** `waiting` until it was told `attached`, and again while the host is away: its input is not taken then. */
  phase: "waiting" | "attached" | "closed" = "waiting";
  size: { cols: number; rows: number };
  hidden = false;
  /** What it asked to go on from, until it was told `attached`: a program that is started again begins afresh. */
  wanted: { epoch: string | null; offset: number | null };
  #attempt = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(
    attach: ViewerAttach,
    readonly socket: ViewerSocket,
    { log, outcome }: { log: Log; outcome(viewer: HubViewer): InputOutcome },
  ) {
    this.clientId = attach.clientId;
    this.mode = attach.mode;
    this.size = { cols: attach.cols, rows: attach.rows };
    this.wanted = { epoch: attach.epoch, offset: attach.offset };
    const send = (message: ViewerMessage) => this.#send(message);
    this.output = new ViewerOutput({ send, bufferedBytes: () => socket.bufferedBytes() }, attach.windowBytes, log);
    this.input = new ViewerInput(this.clientId, outcome(this));
  }

  /** A new attempt to take it to its program: gives whether that is still the newest one. */
  attempt(): () => boolean {
    clearTimeout(this.#retry);
    this.#attempt += 1;
    const attempt = this.#attempt;
    return () => this.#attempt === attempt;
  }

  retryIn(ms: number, work: () => void): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(work, ms);
    this.#retry.unref();
  }

  /** In order with all else, and never between the frames of a snapshot. */
  tell(message: ViewerMessage): void {
    if (this.output.held >= maxHeld) this.close("too-slow", "The browser does not read.");
    this.output.whenClear(() => this.#send(message));
  }

  close(reason: ViewerClose, message: string): void {
    if (this.phase === "closed") return;
    this.end();
    this.socket.close(reason, message);
  }

  /** Its socket is gone or going: nothing is sent any more. */
  end(): void {
    this.phase = "closed";
    this.attempt();
    this.output.stop();
    this.input.end();
  }

  #send(message: ViewerMessage): void {
    if (this.phase === "closed") return;
    if (this.socket.bufferedBytes() > maxBufferedBytes) this.close("too-slow", "The browser does not read.");
    else this.socket.send(message);
  }
}
