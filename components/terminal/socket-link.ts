import {
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
} from "@/server/protocol/terminal-frames";

const pingMs = 10_000;
const pongMs = 2_000;

export type SocketLinkOptions = {
  url: string;
  /** Waits before the attempt of this number, the link having been down this long. */
  delayMs(attempt: number, downMs: number): number;
  /** Open: the first frame must be sent now. */
  onOpen(): void;
  onFrame(frame: ServerFrame): void;
  onDown(down: { since: number; attempt: number }): void;
  /** True when the code is final: then nothing is tried again by itself. */
  onClosed(code: number, reason: string): boolean;
};

/** A socket that comes back: pings in the data both ways, a drop found within 2 s of a ping, retries with backoff. */
export class SocketLink {
  readonly #options: SocketLinkOptions;
  readonly #pings: ReturnType<typeof setInterval>;
  #socket: WebSocket | null = null;
  #downSince: number | null = null;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #answer: ReturnType<typeof setTimeout> | null = null;
  #over = false;

  constructor(options: SocketLinkOptions) {
    this.#options = options;
    this.#pings = setInterval(() => this.probe(), pingMs);
  }

  /** Opens a new socket, the one before it given up. */
  open(): void {
    this.#forget()?.close();
    this.#over = false;
    const socket = new WebSocket(this.#options.url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    // A connection that never opens is a drop like any other.
    this.#answer = setTimeout(() => this.drop(), pongMs * 4);
    socket.onopen = () => this.#options.onOpen();
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) => {
      if (socket !== this.#socket) return;
      this.#answered();
      this.#options.onFrame(decodeServerFrame(new Uint8Array(event.data)));
    };
    socket.onclose = (event) => {
      if (socket !== this.#socket) return;
      if (this.#options.onClosed(event.code, event.reason)) {
        this.#over = true;
        this.#forget();
      } else this.drop();
    };
  }

  send(frame: ClientFrame): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(encodeClientFrame(frame) as Uint8Array<ArrayBuffer>);
  }

  /** How long the link was down until now; 0 when it was not. */
  downMs(): number {
    return this.#downSince === null ? 0 : Date.now() - this.#downSince;
  }

  /** The server attached us: the next drop is a new one. */
  settled(): void {
    this.#downSince = null;
    this.#attempt = 0;
  }

  /** Asks whether the link is alive: no answer in 2 s is a drop. Down already, it is tried at once. */
  probe(): void {
    if (this.#over) return;
    if (this.#socket === null) {
      this.open();
      return;
    }
    if (this.#answer || this.#socket.readyState !== WebSocket.OPEN) return;
    const token = new Uint8Array(8);
    new DataView(token.buffer).setFloat64(0, performance.now());
    this.send({ type: "ping", token });
    this.#answer = setTimeout(() => this.drop(), pongMs);
  }

  drop(): void {
    this.#forget()?.close();
    if (this.#over) return;
    this.#downSince ??= Date.now();
    this.#attempt += 1;
    this.#options.onDown({ since: this.#downSince, attempt: this.#attempt });
    this.#retry = setTimeout(() => this.open(), this.#options.delayMs(this.#attempt, this.downMs()));
  }

  close(): void {
    this.#over = true;
    clearInterval(this.#pings);
    this.#forget()?.close(1000);
  }

  #answered(): void {
    if (this.#answer) clearTimeout(this.#answer);
    this.#answer = null;
  }

  #forget(): WebSocket | null {
    const socket = this.#socket;
    this.#socket = null;
    this.#answered();
    if (this.#retry) clearTimeout(this.#retry);
    this.#retry = null;
    if (socket) socket.onclose = null;
    return socket;
  }
}
