import type { LinkState } from "@/components/live/reconnect";
import { createSocketKeeper, type SocketKeeper } from "@/components/live/socket-keeper";
import {
  type AttachedMessage,
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
  type TerminalEvent,
} from "@/server/protocol/terminal-frames";
import { InputStream } from "./input-stream";
import { firstView, foldEvent, type LinkView, refusalOf } from "./link-view";
import type { Screen } from "./screen";

const windowBytes = 1024 * 1024;
const ackStepBytes = 64 * 1024;

export type ConnectionOptions = {
  url: string;
  screen: Screen;
};

/**
 * One terminal of the contract's section 3, from the browser's side. Owns its socket and its timers until `close`.
 * Bytes go to the screen as they came; acks are sent when the screen has parsed them.
 */
export class TerminalConnection {
  readonly #options: ConnectionOptions;
  readonly #clientId = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
  readonly #keeper: SocketKeeper;
  #stop: () => void;
  #downSince: number | null = null;
  readonly #input = new InputStream((position, bytes) => this.#send({ type: "input", position, bytes }));
  readonly #listeners = new Set<() => void>();
  #view: LinkView = firstView;
  #epoch: string | null = null;
  /** The next byte expected from the server; all below it was given to the screen. */
  #received = 0;
  #parsed = 0;
  #acked = 0;
  #mutedBelow = 0;
  #snapshotting = false;
  /** Some frames of a snapshot came and not its last: what the screen shows is not what was sent. */
  #snapshotCut = false;
  /** Grows when offsets begin anew: what the screen parsed of an older stream is no news to the server. */
  #stream = 0;
  #visible = true;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#keeper = createSocketKeeper({
      url: () => options.url,
      binaryType: "arraybuffer",
      onOpen: () => this.#attach(),
      onMessage: (data) => this.#takeFrame(decodeServerFrame(new Uint8Array(data as ArrayBuffer))),
      ping: () => this.#ping(),
      onState: (state) => this.#takeState(state),
    });
    this.#stop = this.#keeper.start();
  }

  readonly view = (): LinkView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** False when too much is held already: nothing was taken. */
  type(bytes: Uint8Array): boolean {
    const taken = this.#input.type(bytes);
    this.#set({ heldBytes: this.#input.heldBytes });
    return taken;
  }

  sendHeld(): void {
    this.#input.sendHeld(this.#view.unsent?.fresh ?? false);
    this.#set({ unsent: null, heldBytes: this.#input.heldBytes });
  }

  discardHeld(): void {
    this.#input.discardHeld(this.#view.unsent?.fresh ?? false);
    this.#set({ unsent: null, heldBytes: this.#input.heldBytes });
  }

  take(): void {
    this.#send({ type: "request", request: { type: "take" } });
    this.fit();
  }

  /** Tells the server the size that fits, when this viewer drives and it differs. */
  fit(): void {
    const fits = this.#options.screen.fits();
    const { role, size } = this.#view;
    if (!fits || role !== "driver" || (size?.cols === fits.cols && size.rows === fits.rows)) return;
    this.#send({ type: "resize", ...fits });
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#send({ type: "request", request: { type: visible ? "visible" : "hidden" } });
    if (visible) this.probe();
  }

  /** On becoming visible, or when the network is back. */
  probe(): void {
    this.#keeper.wake();
  }

  /** After a final refusal that a person may overrule, or to hurry a retry. */
  tryAgain(): void {
    if (this.#view.link.kind !== "refused") {
      this.#keeper.wake();
      return;
    }
    this.#stop();
    this.#stop = this.#keeper.start();
  }

  /** The pane is left: unlike a drop, that keeps no driver's place, so that coming back needs no taking over. */
  close(): void {
    this.#closed = true;
    this.#send({ type: "request", request: { type: "release" } });
    this.#stop();
    this.#listeners.clear();
  }

  #takeState(state: LinkState): void {
    if (state.kind === "refused") {
      this.#input.drop();
      this.#set({ link: refusalOf(state.code, state.reason) });
      return;
    }
    const trouble = state.kind === "connecting" || state.kind === "waiting" ? state.trouble : null;
    if (trouble === null) return;
    this.#downSince ??= trouble.lostAt;
    this.#input.drop();
    const link = { kind: "dropped", since: trouble.lostAt, attempt: trouble.attempt + 1 } as const;
    this.#set({ link, roundTripMs: null });
  }

  /** A hole in the stream: a fresh socket asks from the byte that is missing. */
  #attachAgain(): void {
    this.#downSince ??= Date.now();
    this.#stop();
    this.#stop = this.#keeper.start();
  }

  #ping(): void {
    const token = new Uint8Array(8);
    new DataView(token.buffer).setFloat64(0, performance.now());
    this.#send({ type: "ping", token });
  }

  #send(frame: ClientFrame): void {
    this.#keeper.socket()?.send(encodeClientFrame(frame) as Uint8Array<ArrayBuffer>);
  }

  #attach(): void {
    const fits = this.#options.screen.fits() ?? this.#view.size ?? { cols: 80, rows: 24 };
    this.#stream += 1;
    const isFresh = this.#epoch === null || this.#snapshotCut;
    const from = isFresh ? {} : { epoch: this.#epoch ?? "", offset: this.#received };
    const attach = { clientId: this.#clientId, ...fits, window: windowBytes, ...from };
    this.#send({ type: "attach", attach });
    if (!this.#visible) this.#send({ type: "request", request: { type: "hidden" } });
  }

  #takeFrame(frame: ServerFrame): void {
    const { screen } = this.#options;
    switch (frame.type) {
      case "attached":
        this.#takeAttached(frame.attached);
        break;
      case "output":
        this.#takeOutput(frame.offset, frame.bytes);
        break;
      case "snapshot":
        this.#takeSnapshot(frame);
        break;
      case "resized":
        screen.resize(frame.cols, frame.rows);
        this.#set({ size: { cols: frame.cols, rows: frame.rows } });
        break;
      case "input-ack":
        this.#input.acknowledge(frame.position);
        this.#set({ heldBytes: this.#input.heldBytes });
        break;
      case "gap":
        screen.gap(frame.to - frame.from);
        this.#received = frame.to;
        this.#set({ missingBytes: this.#view.missingBytes + frame.to - frame.from });
        break;
      case "exit":
        this.#set({ exit: { ...frame.exit, offset: frame.offset } });
        break;
      case "event":
        this.#takeEvent(frame.event);
        break;
      case "pong":
        this.#set({
          roundTripMs: Math.max(0, performance.now() - new DataView(frame.token.slice().buffer).getFloat64(0)),
        });
        break;
    }
  }

  #takeEvent(event: TerminalEvent): void {
    this.#set(foldEvent(this.#view, event));
    if (event.type === "role") this.fit();
  }

  #takeAttached(attached: AttachedMessage): void {
    const { screen } = this.#options;
    const another = this.#epoch !== null && this.#epoch !== attached.epoch;
    if (another) this.#input.restart();
    if (another || attached.replay !== "resume") this.#stream += 1;
    this.#snapshotting = false;
    this.#snapshotCut = false;
    this.#epoch = attached.epoch;
    this.#mutedBelow = attached.headOffset;
    screen.mute(attached.headOffset > attached.offset);
    const { cols, rows } = attached;
    if (attached.replay === "log") screen.reset(cols, rows);
    if (attached.replay === "resume") screen.resize(cols, rows);
    if (attached.replay !== "resume") this.#received = attached.offset;
    this.#parsed = this.#received;
    this.#acked = this.#received;
    const downMs = this.#downSince === null ? 0 : Date.now() - this.#downSince;
    const said = this.#input.attach(attached.inputOffset, downMs);
    this.#set({
      link: { kind: "live", resumedAt: downMs > 0 && attached.replay === "resume" ? Date.now() : null },
      role: attached.role,
      size: { cols, rows },
      headOffset: attached.headOffset,
      heldBytes: this.#input.heldBytes,
      unsent: said === "ask" ? { bytes: this.#input.heldBytes, fresh: attached.inputOffset === null } : null,
      ...(another || attached.replay !== "resume" ? { exit: null } : {}),
    });
    this.#downSince = null;
    this.fit();
  }

  #takeOutput(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    if (end <= this.#received) return;
    if (offset > this.#received) {
      this.#attachAgain();
      return;
    }
    const fresh = bytes.subarray(this.#received - offset);
    this.#received = end;
    const stream = this.#stream;
    this.#options.screen.write(fresh, () => this.#parsedTo(end, { stream }));
    if (end > this.#view.headOffset) this.#view = { ...this.#view, headOffset: end };
  }

  #takeSnapshot(frame: Extract<ServerFrame, { type: "snapshot" }>): void {
    if (frame.first) {
      this.#options.screen.mute(true);
      this.#options.screen.reset(frame.cols, frame.rows);
      this.#snapshotting = true;
    }
    this.#snapshotCut = !frame.last;
    this.#received = frame.offset;
    const stream = this.#stream;
    this.#options.screen.write(frame.bytes, () => {
      if (!frame.last || stream !== this.#stream) return;
      this.#snapshotting = false;
      this.#parsedTo(frame.offset, { stream, mustAck: true });
    });
    this.#set({ size: { cols: frame.cols, rows: frame.rows } });
  }

  #parsedTo(offset: number, { stream, mustAck = false }: { stream: number; mustAck?: boolean }): void {
    if (this.#closed || stream !== this.#stream) return;
    this.#parsed = Math.max(this.#parsed, offset);
    if (this.#parsed >= this.#mutedBelow && !this.#snapshotting) this.#options.screen.mute(false);
    if (!mustAck && this.#parsed - this.#acked < ackStepBytes) return;
    this.#acked = this.#parsed;
    this.#send({ type: "ack", offset: this.#parsed });
  }

  #set(change: Partial<LinkView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
