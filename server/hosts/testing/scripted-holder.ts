import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { encodeFrame, type Frame, FrameReader, getOffset, putOffset } from "../../protocol/byte-frames";
import {
  type HolderRequest,
  type HolderResponse,
  helloMessage,
  holderFrame,
  holderRequest,
  type ProcessState,
} from "../../protocol/holder-protocol";

type Asked = { id: number; request: HolderRequest };
type Typed = { handle: number; clientId: string; position: number; text: string };

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const ok = (result: unknown): HolderResponse => ({ ok: true, result });

/** A holder on a socket that does only what a test tells it to, and keeps what it was sent. */
export class ScriptedHolder {
  readonly asked: Asked[] = [];
  readonly typed: Typed[] = [];
  readonly acks: { stream: number; offset: number }[] = [];
  readonly frames: Frame[] = [];
  hellos = 0;
  holderId = "holder-1";
  /** The one protocol it takes: in the first nobody tells what was taken. */
  speaks = 1;
  /** Refuses every server with this reason. */
  refuses: string | null = null;
  /** Says nothing at all. */
  mute = false;
  /** The answer to a request; undefined gives none. */
  answer: (request: HolderRequest) => HolderResponse | undefined = () => ok({});
  #sockets = new Set<Socket>();
  #server: Server;

  private constructor() {
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async listen(path: string): Promise<ScriptedHolder> {
    const holder = new ScriptedHolder();
    holder.#server.listen(path);
    await once(holder.#server, "listening");
    return holder;
  }

  send(type: number, stream: number, payload: Uint8Array): void {
    for (const socket of this.#sockets) socket.write(encodeFrame(type, stream, payload));
  }

  sendJson(type: number, stream: number, value: unknown): void {
    this.send(type, stream, json(value));
  }

  output(stream: number, offset: number, text: string): void {
    const payload = new Uint8Array(8 + text.length);
    putOffset(new DataView(payload.buffer), 0, offset);
    payload.set(Buffer.from(text), 8);
    this.send(holderFrame.output, stream, payload);
  }

  inputAck(handle: number, clientId: string, position: number): void {
    const id = Buffer.from(clientId);
    const payload = new Uint8Array(9 + id.length);
    payload[0] = id.length;
    payload.set(id, 1);
    putOffset(new DataView(payload.buffer), 1 + id.length, position);
    this.send(holderFrame.inputAck, handle, payload);
  }

  askedFor(op: HolderRequest["op"]): Asked[] {
    return this.asked.filter(({ request }) => request.op === op);
  }

  /** Takes no bytes until `resume`. */
  pause(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  resume(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(socket: Socket): void {
    const reader = new FrameReader();
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {}); // the link was cut: close follows
    socket.on("data", (bytes) => {
      for (const frame of reader.push(bytes)) if (!this.mute) this.#take(socket, frame);
    });
  }

  #take(socket: Socket, frame: Frame): void {
    const view = new DataView(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength);
    const reply = (type: number, payload: Uint8Array) => socket.write(encodeFrame(type, frame.stream, payload));
    this.frames.push({ ...frame, payload: frame.payload.slice() });
    if (frame.type === holderFrame.hello) {
      this.hellos += 1;
      const { protocol } = helloMessage.parse(JSON.parse(new TextDecoder().decode(frame.payload)));
      const reason = this.refuses ?? (protocol === this.speaks ? null : "another protocol: npm run stop-all");
      if (reason !== null) return void reply(holderFrame.refused, json({ reason }));
      reply(holderFrame.welcome, json({ protocol, holderId: this.holderId, version: "scripted", pid: 1 }));
    } else if (frame.type === holderFrame.ping) {
      reply(holderFrame.pong, frame.payload);
    } else if (frame.type === holderFrame.ack) {
      this.acks.push({ stream: frame.stream, offset: getOffset(view, 0) });
    } else if (frame.type === holderFrame.input) {
      const length = view.getUint8(0);
      const clientId = Buffer.from(frame.payload.subarray(1, 1 + length)).toString();
      const text = Buffer.from(frame.payload.subarray(9 + length)).toString();
      this.typed.push({ handle: frame.stream, clientId, position: getOffset(view, 1 + length), text });
    } else if (frame.type === holderFrame.request) {
      const request = holderRequest.parse(JSON.parse(new TextDecoder().decode(frame.payload)));
      this.asked.push({ id: frame.stream, request });
      const response = this.answer(request);
      if (response) reply(holderFrame.response, json(response));
    }
  }
}

/** A running program as the holder tells it. */
export const scriptedState = (state: Partial<ProcessState> = {}): ProcessState => ({
  ...{ processId: "p", sessionId: "s", epoch: "e", handle: 7, cols: 80, rows: 24, tailOffset: 0, headOffset: 0 },
  ...{ pid: 1, title: null, cwd: null, exit: null },
  ...state,
});
