import type { RawData, WebSocket } from "ws";
import { AppError } from "../../domain/app-error";
import { assertNever } from "../../domain/assert-never";
import type { Log } from "../../kit/log";
import {
  type AttachMessage,
  type ClientFrame,
  decodeClientFrame,
  defaultWindowBytes,
} from "../../protocol/terminal-frames";
import type { Terminals, Viewer } from "../../terminals/terminals";
import { closeCode, refusalCloseCode } from "./close-codes";
import { ViewerWebSocket } from "./viewer-web-socket";

const attachWithinMs = 10_000;
const lookAgainMs = 30_000;
/** Frames that may come while the terminal is being looked up: what a client may have unacknowledged, and a little. */
const maxEarlyBytes = 512 * 1024;
/** What a browser closes with on purpose, or when its page is left: nobody comes back with that client id. */
const leaving: ReadonlySet<number> = new Set([1000, 1001]);

export type StillAllowed = "yes" | "signed-out" | "not-yours" | "ended";

export type TerminalSocket = {
  ws: WebSocket;
  terminals: Pick<Terminals, "attach">;
  sessionId: string;
  /** Null is the session's first. */
  terminalId: string | null;
  /** Looked at again every 30 s; when the look fails, nothing changes. */
  stillAllowed(): Promise<StillAllowed>;
  log: Log;
};

/** One viewer's WebSocket, from its open handshake to its close: the terminal socket of the contract. */
export function serveTerminalSocket(options: TerminalSocket): void {
  new Connection(options).open();
}

type State =
  | { kind: "new" }
  | { kind: "attaching"; early: ClientFrame[]; earlyBytes: number }
  | { kind: "attached"; viewer: Viewer }
  | { kind: "over" };

class Connection {
  #state: State = { kind: "new" };
  #left = false;
  readonly #socket: ViewerWebSocket;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(readonly options: TerminalSocket) {
    this.#socket = new ViewerWebSocket(options.ws);
  }

  open(): void {
    const { ws } = this.options;
    ws.on("message", (data, isBinary) => this.#message(data, isBinary));
    ws.on("close", (code) => this.#closed(code));
    ws.on("error", () => {}); // its close follows, and says all that matters
    // An attach that came while this process stood still is read first: the sockets' turn is before the next check.
    this.#timers.push(setTimeout(() => setImmediate(() => this.#attachedInTime()), attachWithinMs));
    this.#timers.push(setInterval(() => void this.#lookAgain(), lookAgainMs));
    for (const timer of this.#timers) timer.unref();
  }

  #attachedInTime(): void {
    if (this.#state.kind === "new") this.#end(closeCode.malformed, "the first message was not an attach within 10 s");
  }

  #message(data: RawData, isBinary: boolean): void {
    if (this.#state.kind === "over") return;
    if (!isBinary) {
      this.#end(closeCode.malformed, "messages are binary");
      return;
    }
    let frame: ClientFrame;
    try {
      frame = decodeClientFrame(bytesOf(data));
    } catch (error) {
      this.options.log.debug("a terminal frame was malformed", { error: String(error) });
      this.#end(closeCode.malformed, "malformed frame");
      return;
    }
    this.#take(frame);
  }

  #take(frame: ClientFrame): void {
    const state = this.#state;
    if (frame.type === "ping") {
      this.#pong(frame.token);
      return;
    }
    switch (state.kind) {
      case "new":
        if (frame.type === "attach") this.#attach(frame.attach);
        else this.#end(closeCode.malformed, "the first message is attach");
        return;
      case "attaching":
        state.earlyBytes += frame.type === "input" ? frame.bytes.length + 16 : 16;
        if (frame.type === "attach" || state.earlyBytes > maxEarlyBytes) {
          this.#end(closeCode.malformed, "attach is sent once, and answered before more is sent");
          return;
        }
        state.early.push(frame);
        return;
      case "attached":
        this.#give(state.viewer, frame);
        return;
      case "over":
        return;
      default:
        assertNever(state);
    }
  }

  #attach(attach: AttachMessage): void {
    const { terminals, sessionId, terminalId } = this.options;
    const state: State = { kind: "attaching", early: [], earlyBytes: 0 };
    this.#state = state;
    const { clientId, cols, rows, mode = null, epoch = null, offset = null, window = defaultWindowBytes } = attach;
    const wanted = { clientId, cols, rows, mode, epoch, offset, windowBytes: window };
    terminals.attach(sessionId, terminalId, wanted, this.#socket).then(
      (viewer) => {
        if (this.#state !== state) return this.#leave(viewer);
        this.#state = { kind: "attached", viewer };
        for (const frame of state.early) this.#give(viewer, frame);
      },
      (error: unknown) => {
        if (AppError.is(error)) return this.#end(refusalCloseCode(error.code), error.message);
        this.options.log.error("a viewer could not be attached", { error: String(error) });
        this.#end(closeCode.busy, "the server could not attach this viewer");
      },
    );
  }

  #give(viewer: Viewer, frame: ClientFrame): void {
    switch (frame.type) {
      case "input":
        viewer.input(frame.position, frame.bytes);
        return;
      case "ack":
        viewer.ack(frame.offset);
        return;
      case "resize":
        viewer.resize(frame.cols, frame.rows);
        return;
      case "request":
        viewer.request(frame.request.type);
        return;
      case "attach":
        this.#end(closeCode.malformed, "attach is sent once");
        return;
      case "ping":
        this.#pong(frame.token);
        return;
      default:
        assertNever(frame);
    }
  }

  /** A page that asks without ever reading is not answered for ever. */
  #pong(token: Uint8Array): void {
    if (this.#socket.bufferedBytes() > maxEarlyBytes * 4) this.#end(closeCode.busy, "the browser does not read");
    else this.#socket.sendFrame({ type: "pong", token });
  }

  async #lookAgain(): Promise<void> {
    try {
      switch (await this.options.stillAllowed()) {
        case "yes":
          return;
        case "signed-out":
          return this.#end(closeCode.signedOut, "signed out");
        case "not-yours":
          return this.#end(closeCode.notYours, "not your session");
        case "ended":
          return this.#end(closeCode.sessionEnded, "the session ended");
      }
    } catch (error) {
      this.options.log.warn("whether a viewer may still look on is not known", { error: String(error) });
    }
  }

  #end(code: number, message: string): void {
    this.#over();
    this.#socket.closeWith(code, message);
  }

  #closed(code: number): void {
    this.#left = leaving.has(code);
    this.#over();
  }

  #over(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    const state = this.#state;
    this.#state = { kind: "over" };
    if (state.kind === "attached") this.#leave(state.viewer);
  }

  /** The driver's place is kept for a socket that dropped, not for one that was closed on purpose. */
  #leave(viewer: Viewer): void {
    if (this.#left) viewer.request("release");
    viewer.detach();
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
