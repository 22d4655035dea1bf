import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { encodeServerFrame, type ServerFrame } from "../../protocol/terminal-frames";
import type { ViewerClose, ViewerMessage, ViewerSocket } from "../../terminals/terminals";
import { viewerCloseCode } from "./close-codes";
import { toServerFrame } from "./to-server-frame";

const fullBytes = 128 * 1024;
const drainedBytes = 64 * 1024;
/** A close reason is at most 123 bytes on the wire. */
const maxReasonBytes = 120;

/** A browser's WebSocket as the terminals room sees it. What is sent in one turn of the loop leaves in one write. */
export class ViewerWebSocket implements ViewerSocket {
  #listeners: (() => void)[] = [];
  #full = false;
  #corked: Socket | null = null;

  constructor(readonly socket: WebSocket) {}

  send(message: ViewerMessage): void {
    this.sendFrame(toServerFrame(message));
  }

  sendFrame(frame: ServerFrame): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    this.#cork();
    this.socket.send(encodeServerFrame(frame), { binary: true, compress: false }, () => this.#sent());
    if (this.socket.bufferedAmount >= fullBytes) this.#full = true;
  }

  bufferedBytes(): number {
    return this.socket.bufferedAmount;
  }

  onDrain(listener: () => void): void {
    this.#listeners.push(listener);
  }

  onceReceived(listener: () => void): void {
    if (this.socket.readyState !== this.socket.OPEN) return;
    // Pings keep their place among messages, and each is answered with what it carries (RFC 6455, 5.5.2 and 5.5.3).
    const token = Buffer.from(randomUUID());
    const onPong = (data: Buffer) => {
      if (!data.equals(token)) return;
      this.socket.off("pong", onPong);
      listener();
    };
    this.socket.on("pong", onPong);
    this.socket.ping(token);
  }

  close(reason: ViewerClose, message: string): void {
    this.closeWith(viewerCloseCode[reason], message);
  }

  closeWith(code: number, message: string): void {
    this.#listeners = [];
    const reason = Buffer.from(message);
    this.socket.close(
      code,
      reason.length > maxReasonBytes
        ? reason
            .subarray(0, maxReasonBytes)
            .toString("latin1")
            .replace(/[^\x20-\x7e]/g, "?")
        : reason,
    );
  }

  #sent(): void {
    if (!this.#full || this.socket.bufferedAmount > drainedBytes) return;
    this.#full = false;
    for (const listener of this.#listeners) listener();
  }

  #cork(): void {
    if (this.#corked) return;
    // ws keeps its net.Socket in this field and offers no other way to it; without it frames leave one by one.
    const { _socket: raw } = this.socket as WebSocket & { _socket?: Socket };
    if (!raw) return;
    this.#corked = raw;
    raw.cork();
    process.nextTick(() => {
      this.#corked = null;
      raw.uncork();
    });
  }
}
