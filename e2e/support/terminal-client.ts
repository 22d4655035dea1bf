import { createHash, randomUUID } from "node:crypto";
import WebSocket from "ws";
import {
  type AttachedMessage,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
} from "../../server/protocol/terminal-frames";

export type TerminalClientOptions = {
  url: string;
  token: string;
  sessionId: string;
  terminalId?: string;
  cols?: number;
  rows?: number;
  window?: number;
  mode?: "drive" | "view";
  /** Called with each output frame as it arrives, before it is acknowledged. */
  onOutput?: (bytes: Uint8Array, offset: number) => void;
  /** Acks are sent by hand through `ack`. */
  manualAck?: boolean;
};

type Input = { position: number; bytes: Uint8Array };

/** One viewer without a screen: keeps the contract's offsets, hashes what it is given, and resumes after a drop. */
export class TerminalClient {
  readonly clientId = randomUUID();
  attached: AttachedMessage | null = null;
  exit: Extract<ServerFrame, { type: "exit" }> | null = null;
  closed: { code: number; reason: string } | null = null;
  /** The next byte expected. */
  offset = 0;
  readonly gaps: { from: number; to: number }[] = [];
  readonly faults: string[] = [];
  readonly events: ServerFrame[] = [];
  /** The last 64 KiB as latin-1, so that any byte can be looked for. */
  tail = "";
  readonly #hash = createHash("sha256");
  #socket: WebSocket | null = null;
  #acked = 0;
  #inputPosition = 0;
  #unacked: Input[] = [];
  #wakers = new Set<() => void>();

  constructor(readonly options: TerminalClientOptions) {}

  /** Opens the socket and attaches, from where it was when it was attached before. */
  connect(): void {
    const { url, token, sessionId, terminalId } = this.options;
    const query = terminalId === undefined ? "" : `?terminal=${terminalId}`;
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/ws/sessions/${sessionId}/terminal${query}`, {
      headers: { authorization: `Bearer ${token}` },
      perMessageDeflate: false,
    });
    this.#socket = socket;
    this.closed = null;
    socket.on("open", () => {
      const { cols = 80, rows = 24, window, mode } = this.options;
      const from = this.attached ? { epoch: this.attached.epoch, offset: this.offset } : {};
      const attach = { clientId: this.clientId, cols, rows, ...from };
      const extra = { ...(window === undefined ? {} : { window }), ...(mode === undefined ? {} : { mode }) };
      socket.send(encodeClientFrame({ type: "attach", attach: { ...attach, ...extra } }));
    });
    socket.on("message", (data: Buffer) => {
      if (socket === this.#socket) this.#take(decodeServerFrame(data), socket);
    });
    socket.on("close", (code, reason) => {
      if (socket !== this.#socket) return;
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
    socket.on("error", () => {});
  }

  /** As a lost network: no closing handshake. */
  drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.terminate();
  }

  close(): void {
    this.#socket?.close(1000);
    this.#socket = null;
  }

  /** Stops and starts reading from the network. */
  pause(): void {
    this.#socket?.pause();
  }
  resume(): void {
    this.#socket?.resume();
  }

  ack(offset = this.offset): void {
    this.#acked = offset;
    this.#send(encodeClientFrame({ type: "ack", offset }));
  }

  request(type: "take" | "release" | "visible" | "hidden"): void {
    this.#send(encodeClientFrame({ type: "request", request: { type } }));
  }

  resize(cols: number, rows: number): void {
    this.#send(encodeClientFrame({ type: "resize", cols, rows }));
  }

  /** Kept until acknowledged, so that a drop loses and doubles nothing. */
  type(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    const input = { position: this.#inputPosition, bytes };
    this.#inputPosition += bytes.length;
    this.#unacked.push(input);
    if (this.attached) this.#send(encodeClientFrame({ type: "input", ...input }));
  }

  sendRaw(bytes: Uint8Array | string): void {
    this.#socket?.send(bytes);
  }

  /** SHA-256 of every byte given so far, gaps left out. */
  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Waits for a condition over this client's fields, looked at after each frame. */
  async until(what: string, condition: (client: this) => boolean, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!condition(this)) {
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(
          `waited ${timeoutMs} ms for ${what}; ${this.#facts()}; tail: ${JSON.stringify(this.tail.slice(-300))}`,
        );
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          this.#wakers.delete(done);
          resolve();
        };
        const timer = setTimeout(done, Math.min(left, 250));
        this.#wakers.add(done);
      });
    }
  }

  /** What there is to see when it waited in vain. */
  #facts(): string {
    const { attached, closed, exit, offset } = this;
    const unacked = this.#unacked.map(({ position, bytes }) => `${position}+${bytes.length}`);
    return JSON.stringify({ attached, closed, exit, offset, typed: this.#inputPosition, unacked });
  }

  #send(bytes: Uint8Array): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  #wake(): void {
    for (const waker of this.#wakers) waker();
  }

  #take(frame: ServerFrame, socket: WebSocket): void {
    switch (frame.type) {
      case "attached":
        this.#takeAttached(frame.attached, socket);
        break;
      case "output":
        this.#takeOutput(frame.offset, frame.bytes);
        break;
      case "snapshot":
        if (frame.last) {
          this.offset = frame.offset;
          this.ack();
        }
        break;
      case "gap":
        this.gaps.push({ from: frame.from, to: frame.to });
        this.offset = frame.to;
        break;
      case "input-ack":
        this.#unacked = this.#unacked.filter((input) => input.position + input.bytes.length > frame.position);
        break;
      case "exit":
        this.exit = frame;
        break;
      default:
        this.events.push(frame);
    }
    this.#wake();
  }

  #takeAttached(attached: AttachedMessage, socket: WebSocket): void {
    const same = this.attached?.epoch === attached.epoch;
    if (same && attached.replay === "resume" && attached.offset !== this.offset) {
      this.faults.push(`resumed at ${attached.offset}, had ${this.offset}`);
    }
    if (!same) {
      this.exit = null;
      this.#unacked = this.attached ? [] : this.#unacked;
      if (this.attached) this.#inputPosition = 0;
    }
    this.attached = attached;
    if (attached.replay !== "snapshot") this.offset = attached.offset;
    this.#acked = this.offset;
    // Unknown to the server is never taken: nothing of this client reached the program, so all of it is sent.
    for (const input of this.#unacked) socket.send(encodeClientFrame({ type: "input", ...input }));
  }

  #takeOutput(offset: number, bytes: Uint8Array): void {
    if (offset !== this.offset) this.faults.push(`output at ${offset}, expected ${this.offset}`);
    this.#hash.update(bytes);
    this.offset = offset + bytes.length;
    this.tail = (this.tail + Buffer.from(bytes).toString("latin1")).slice(-65_536);
    this.options.onOutput?.(bytes, offset);
    const quarter = (this.options.window ?? 1024 * 1024) / 4;
    if (!this.options.manualAck && this.offset - this.#acked >= quarter) this.ack();
  }
}
