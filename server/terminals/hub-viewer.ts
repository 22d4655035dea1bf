import type { Log } from "../kit/log";
import { InputStream } from "./input-stream";
import type { ViewerAttach, ViewerClose, ViewerMessage, ViewerSocket } from "./terminals";
import { ViewerOutput } from "./viewer-output";

/** A browser that lets this much pile up does not read at all. */
const maxBufferedBytes = 2 * 1024 * 1024;

/** One browser on a terminal: what it asked for, and what it was told. */
export class HubViewer {
  readonly clientId: string;
  readonly output: ViewerOutput;
  readonly input = new InputStream();
  /** `waiting` until it was told `attached`, and again while the host is away: its input is not taken then. */
  phase: "waiting" | "attached" | "closed" = "waiting";
  size: { cols: number; rows: number };
  hidden = false;
  /** What it asked to go on from; after its first `attached`, nothing: a new epoch begins afresh. */
  wanted: { epoch: string | null; offset: number | null };
  /** Names the newest attempt to attach it, so that an older one that ends late does nothing. */
  attempt = 0;
  retry: NodeJS.Timeout | undefined;

  constructor(
    attach: ViewerAttach,
    readonly mode: ViewerAttach["mode"],
    readonly socket: ViewerSocket,
    log: Log,
  ) {
    this.clientId = attach.clientId;
    this.size = { cols: attach.cols, rows: attach.rows };
    this.wanted = { epoch: attach.epoch, offset: attach.offset };
    const send = (message: ViewerMessage) => this.tell(message);
    this.output = new ViewerOutput({ send, bufferedBytes: () => socket.bufferedBytes() }, attach.windowBytes, log);
  }

  tell(message: ViewerMessage): void {
    if (this.phase === "closed") return;
    if (this.socket.bufferedBytes() > maxBufferedBytes) this.close("too-slow", "The browser does not read.");
    else this.socket.send(message);
  }

  close(reason: ViewerClose, message: string): void {
    if (this.phase === "closed") return;
    this.end();
    this.socket.close(reason, message);
  }

  /** Its socket is gone or going: nothing is sent any more. */
  end(): void {
    this.phase = "closed";
    this.attempt += 1;
    clearTimeout(this.retry);
    this.output.stop();
  }
}
