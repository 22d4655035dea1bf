import { Duplex } from "node:stream";
import type WebSocket from "ws";
import { BoundedOutput } from "../../../kit/bounded-output";
import { channel, endOfInput, inputMessages, newestProtocol } from "./channels";
import { type CommandEnd, readEnd } from "./exec-status";
import type { ExecTimings } from "./timings";

/** How it ended, in words: the command's exit status and its last words, or how the link was lost. */
export type ExecEnd = { code: number | null; reason: string };
/**
 * Writes are the command's standard input, reads its standard output. A reader gets all that came before the end, then
 * an error with the end's reason unless the command succeeded. Destroying it closes the socket at once; that ends no
 * command, for the cluster only closes the command's pipes. The command must always read its input: a ping waits behind
 * what it does not take.
 */
export type ExecStream = Duplex & { readonly over: Promise<ExecEnd> };

const stderrBytes = 4 * 1024;
const statusBytes = 64 * 1024;
const text = new TextDecoder();

/** Takes over an open, paused socket. */
export function createExecStream(socket: WebSocket, timings: ExecTimings): ExecStream {
  return new OpenExec(socket, timings).stream;
}

class OpenExec {
  readonly stream: ExecStream;
  readonly #socket: WebSocket;
  readonly #timings: ExecTimings;
  readonly #ping: NodeJS.Timeout;
  readonly #stderr = new BoundedOutput(stderrBytes);
  #tellEnd: (end: ExecEnd) => void = () => {};
  #status = "";
  #end: CommandEnd | null = null;
  #lost = "the API server closed the link";
  #closing: NodeJS.Timeout | null = null;
  #silentBeats = 0;
  #isOver = false;

  constructor(socket: WebSocket, timings: ExecTimings) {
    this.#socket = socket;
    this.#timings = timings;
    const over = new Promise<ExecEnd>((resolve) => {
      this.#tellEnd = resolve;
    });
    this.stream = Object.assign(this.#duplex(), { over });
    socket.on("message", (message: Buffer) => this.#take(message));
    socket.on("ping", () => this.#heard());
    socket.on("pong", () => this.#heard());
    socket.on("error", (error) => {
      this.#lost = `the link to the API server was lost: ${error.message}`;
    });
    socket.on("close", (code, reason) => this.#closed(code, reason.toString()));
    this.#ping = setInterval(() => this.#beat(), timings.pingMs);
    socket.resume();
  }

  #duplex(): Duplex {
    return new Duplex({
      autoDestroy: false,
      readableHighWaterMark: 256 * 1024,
      writableHighWaterMark: 64 * 1024,
      read: () => this.#socket.resume(),
      write: (chunk: Uint8Array, _encoding, done) => this.#send([chunk], done),
      writev: (chunks, done) =>
        this.#send(
          chunks.map(({ chunk }) => chunk),
          done,
        ),
      final: (done) => this.#endInput(done),
      destroy: (error, done) => {
        this.#over({ code: null, reason: "this server closed the link" });
        this.#socket.terminate();
        done(error);
      },
    });
  }

  #send(chunks: Uint8Array[], done: (error?: Error | null) => void): void {
    const messages = [...inputMessages(chunks)];
    const last = messages.pop();
    for (const message of messages) this.#socket.send(message);
    if (last) this.#socket.send(last, done);
    else done();
  }

  /** `v4` cannot say it, and closing the socket would lose what the command still prints. */
  #endInput(done: (error?: Error | null) => void): void {
    if (!this.#isOver && this.#socket.protocol === newestProtocol) this.#socket.send(endOfInput, done);
    else done();
  }

  #take(message: Buffer): void {
    this.#heard();
    const bytes = message.subarray(1);
    switch (message[0]) {
      case channel.stdout:
        // The first one is empty, and an empty push would be read as nothing more for now.
        if (bytes.length > 0 && !this.#isOver && !this.stream.push(bytes)) this.#socket.pause();
        return;
      case channel.stderr:
        this.#stderr.push(bytes);
        return;
      case channel.status:
        this.#takeStatus(bytes);
        return;
      // Of a later protocol, which may leave out what this one does not know.
      default:
        return;
    }
  }

  #takeStatus(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#status.length > statusBytes) return;
    this.#status += text.decode(bytes);
    this.#end = readEnd(this.#status);
    this.#closing ??= setTimeout(() => this.#socket.terminate(), this.#timings.closingMs);
  }

  #heard(): void {
    this.#silentBeats = 0;
  }

  /** Counted in beats, not by the clock: a machine that slept has heard nothing, and asked nothing either. */
  #beat(): void {
    // Nothing can be heard while the reader takes nothing: that silence is ours.
    if (this.#socket.isPaused) this.#heard();
    const { pingMs, silenceMs } = this.#timings;
    this.#silentBeats += 1;
    if (this.#silentBeats >= Math.round(silenceMs / pingMs)) {
      this.#lost = `nothing was heard from the API server for ${silenceMs / 1000} s`;
      this.#socket.terminate();
      return;
    }
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  #closed(code: number, reason: string): void {
    const how = reason ? `${this.#lost} (${code}: ${reason})` : `${this.#lost} (${code})`;
    const end = this.#end ?? { code: null, reason: how };
    const words = text.decode(this.#stderr.bytes()).trim();
    this.#over({ code: end.code, reason: words ? `${end.reason}: ${words}` : end.reason });
  }

  #over(end: ExecEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#ping);
    if (this.#closing) clearTimeout(this.#closing);
    this.#tellEnd(end);
    if (this.stream.destroyed) return;
    this.stream.once("end", () => this.stream.destroy(end.code === 0 ? undefined : new Error(end.reason)));
    this.stream.push(null);
  }
}
