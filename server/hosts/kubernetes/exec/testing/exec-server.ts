import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

/** An API server's end of execs, driven by hand: also into what no sane one does. */
export class ExecServer {
  /** Offered by each attempt, in order. */
  readonly offers: string[][] = [];
  readonly urls: string[] = [];
  readonly received: Buffer[] = [];
  /** The protocols that it takes, best first. */
  speaks = ["v5.channel.k8s.io"];
  /** Told instead of an upgrade, to the first attempt or to all. */
  #refusal: { answer: string; all: boolean } | null = null;
  /** Says nothing to an attempt. */
  mute = false;
  readonly #http = createServer();
  readonly #sockets: WebSocket[] = [];
  readonly #connections = new Set<Duplex>();
  readonly #server = new WebSocketServer({
    noServer: true,
    autoPong: false,
    handleProtocols: (offered) => this.speaks.find((protocol) => offered.has(protocol)) ?? false,
  });
  /** Answers pings as anyone does; a link that went silent does not. */
  pongs = true;

  static async listen(): Promise<ExecServer> {
    const server = new ExecServer();
    server.#http.listen(0, "127.0.0.1");
    await once(server.#http, "listening");
    return server;
  }

  private constructor() {
    this.#http.on("upgrade", (request, socket, head) => {
      this.offers.push((request.headers["sec-websocket-protocol"] ?? "").split(","));
      this.urls.push(request.url ?? "");
      this.#connections.add(socket.once("close", () => this.#connections.delete(socket)));
      if (this.mute) return;
      if (this.#refusal && (this.#refusal.all || this.offers.length === 1)) {
        socket.end(this.#refusal.answer);
        return;
      }
      this.#server.handleUpgrade(request, socket, head, (opened) => {
        this.#sockets.push(opened);
        opened.on("message", (message: Buffer) => this.received.push(message));
        opened.on("ping", (data) => this.pongs && opened.pong(data));
        opened.on("error", () => {}); // the client is gone: what the test is about
        opened.send(Uint8Array.of(1));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** The attempts that were upgraded, newest last. */
  get last(): WebSocket {
    const socket = this.#sockets.at(-1);
    if (!socket) throw new Error("nobody connected");
    return socket;
  }

  refuse(status: number, body: string, all = true): void {
    const length = Buffer.byteLength(body);
    const answer = `HTTP/1.1 ${status} No\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${body}`;
    this.#refusal = { answer, all };
  }

  send(stream: number, bytes: string | Uint8Array): void {
    this.last.send(Buffer.concat([Uint8Array.of(stream), Buffer.from(bytes as string)]));
  }

  status(value: unknown): void {
    this.send(3, JSON.stringify(value));
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    this.#http.close();
    await once(this.#http, "close");
  }
}
