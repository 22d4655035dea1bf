import type { Socket } from "node:net";
import type { z } from "zod";
import { type Frame, FrameReader, getOffset, offsetPayload } from "../protocol/byte-frames";
import {
  creditProtocol,
  helloMessage,
  holderFrame,
  holderRequest,
  type welcomeMessage,
} from "../protocol/holder-protocol";
import { LinkCredit } from "../protocol/link-credit";
import { jsonBytes } from "./frame-pieces";
import { LinkRequests } from "./link-requests";
import { Outbox } from "./outbox";
import type { RequestContext } from "./request-context";

export type Hello = z.infer<typeof helloMessage>;
export type Welcome = z.infer<typeof welcomeMessage>;
/** Whether this server is obeyed; a refusal says what to do. */
export type Admission = { ok: true; welcome: Welcome } | { ok: false; reason: string };

export type LinkHooks = {
  admit(hello: Hello, link: Link): Admission;
  onClose(link: Link): void;
  onError(message: string, error: unknown): void;
  /** How often the silence of the peer is looked at; 15 s, within which it pings. */
  lookMs?: number;
};

const helloMs = 10_000;
/** Without a byte for this many looks the server is gone, though nobody closed the socket: its commands are to end. */
const silentLooks = 4;
const lookMs = 15_000;
const text = new TextDecoder("utf-8", { fatal: true });

/** One server on one socket, from its hello to the end of the socket. Closing it ends its requests, never a program. */
export class Link {
  readonly #reader = new FrameReader();
  readonly #credit = new LinkCredit();
  readonly #outbox: Outbox;
  readonly #requests: LinkRequests;
  #serverNumber: number | null = null;
  #tellsTaken = false;
  #closed = false;
  #unheardLooks = 0;

  constructor(
    private readonly socket: Socket,
    private readonly context: RequestContext,
    private readonly hooks: LinkHooks,
  ) {
    this.#outbox = new Outbox(socket, this.#credit);
    this.#requests = new LinkRequests(context, this.#outbox);
    const hello = setTimeout(() => this.#refuse("no hello came within 10 s"), helloMs);
    const silence = setInterval(() => this.#look(), hooks.lookMs ?? lookMs);
    socket.on("data", (chunk: Buffer) => {
      this.#unheardLooks = 0;
      this.#read(chunk);
      if (this.#serverNumber !== null) clearTimeout(hello);
    });
    socket.on("error", () => {}); // `close` follows, and the server connects anew.
    socket.on("close", () => {
      clearTimeout(hello);
      clearInterval(silence);
      this.#close();
    });
  }

  get serverNumber(): number | null {
    return this.#serverNumber;
  }

  /** Frames about programs, for links that were admitted. */
  control(type: number, stream: number, payload: Uint8Array): void {
    if (this.#serverNumber !== null) this.#outbox.control(type, stream, payload);
  }

  /** Says why, then closes. */
  drop(reason: string): void {
    this.#refuse(reason);
  }

  #refuse(reason: string): void {
    this.#outbox.control(holderFrame.refused, 0, jsonBytes({ reason }));
    this.#close();
    this.socket.end();
    // A peer that does not close its side is not waited for.
    setTimeout(() => this.socket.destroy(), 1000).unref();
  }

  /** Counted in looks, not by the clock: a machine that slept has heard nothing. */
  #look(): void {
    this.#unheardLooks++;
    if (this.#unheardLooks > silentLooks) this.#refuse("nothing was heard from this server for a minute");
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#requests.close();
    this.#outbox.close();
    this.hooks.onClose(this);
  }

  #read(chunk: Buffer): void {
    if (this.#closed) return;
    const taken = this.#credit.received(chunk.length);
    if (taken !== null && this.#tellsTaken) this.#outbox.atOnce(holderFrame.taken, 0, offsetPayload(taken));
    try {
      for (const frame of this.#reader.push(chunk)) {
        if (this.#closed) return;
        if (this.#serverNumber === null) this.#hello(frame);
        else this.#frame(frame);
      }
    } catch (error) {
      this.hooks.onError("link broken by its peer", error);
      this.#refuse(`this frame cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #hello({ type, payload }: Frame): void {
    if (type !== holderFrame.hello) throw new Error("a link begins with hello");
    const hello = helloMessage.parse(JSON.parse(text.decode(payload)));
    const admission = this.hooks.admit(hello, this);
    if (!admission.ok) {
      this.#refuse(admission.reason);
      return;
    }
    this.#serverNumber = hello.serverNumber;
    if (hello.protocol >= creditProtocol) {
      this.#tellsTaken = true;
      this.#outbox.waitForPeer();
    }
    this.#outbox.control(holderFrame.welcome, 0, jsonBytes(admission.welcome));
  }

  #frame({ type, stream, payload }: Frame): void {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    switch (type) {
      case holderFrame.request:
        this.#requests.begin(stream, readRequest(payload));
        return;
      case holderFrame.requestInput:
        this.#requests.input(stream, payload);
        return;
      case holderFrame.cancel:
        this.#requests.cancel(stream);
        return;
      case holderFrame.ack:
        this.#requests.ack(stream, getOffset(view, 0));
        return;
      case holderFrame.input: {
        const length = view.getUint8(0);
        const clientId = text.decode(payload.subarray(1, 1 + length));
        const position = getOffset(view, 1 + length);
        this.context.input(stream, { clientId, position, bytes: payload.subarray(9 + length) });
        return;
      }
      case holderFrame.taken:
        this.#outbox.taken(getOffset(view, 0));
        return;
      case holderFrame.ping:
        this.#outbox.control(holderFrame.pong, stream, payload);
        return;
      // A frame of a later protocol that an older one may leave out.
      default:
        return;
    }
  }
}

/** A request that this version does not know is answered, not a reason to end the link. */
function readRequest(payload: Uint8Array): ReturnType<typeof holderRequest.safeParse> {
  return holderRequest.safeParse(JSON.parse(text.decode(payload)));
}
