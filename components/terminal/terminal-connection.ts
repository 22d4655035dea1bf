import type { AttachedMessage, ServerFrame, TerminalEvent } from "@/server/protocol/terminal-frames";
import { InputStream } from "./input-stream";
import { firstView, foldEvent, type LinkView, refusalOf } from "./link-view";
import type { Screen } from "./screen";
import { SocketLink } from "./socket-link";

const windowBytes = 1024 * 1024;
const ackStepBytes = 64 * 1024;

export type ConnectionOptions = {
  url: string;
  screen: Screen;
  /** Waits before the attempt of this number, the link having been down this long. */
  delayMs(attempt: number, downMs: number): number;
  onTitle(title: string): void;
  onBell(): void;
};

/**
 * One terminal of the contract's section 3, from the browser's side. Owns its socket and its timers until `close`.
 * Bytes go to the screen as they came; acks are sent when the screen has parsed them.
 */
export class TerminalConnection {
  readonly #options: ConnectionOptions;
  readonly #clientId = crypto.randomUUID();
  readonly #link: SocketLink;
  readonly #input = new InputStream((position, bytes) => this.#link.send({ type: "input", position, bytes }));
  readonly #listeners = new Set<() => void>();
  #view: LinkView = firstView;
  #epoch: string | null = null;
  /** The next byte expected from the server; all below it was given to the screen. */
  #received = 0;
  #parsed = 0;
  #acked = 0;
  #mutedBelow = 0;
  #snapshotting = false;
  #visible = true;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#link = new SocketLink({
      url: options.url,
      delayMs: options.delayMs,
      onOpen: () => this.#attach(),
      onFrame: (frame) => this.#takeFrame(frame),
      onDown: (down) => {
        this.#input.drop();
        this.#set({ link: { kind: "dropped", ...down }, roundTripMs: null });
      },
      onClosed: (code, reason) => {
        const refused = refusalOf(code, reason);
        if (!refused) return false;
        this.#input.drop();
        this.#set({ link: refused });
        return true;
      },
    });
    this.#link.open();
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
    this.#link.send({ type: "request", request: { type: "take" } });
    this.fit();
  }

  /** Tells the server the size that fits, when this viewer drives and it differs. */
  fit(): void {
    const fits = this.#options.screen.fits();
    const { role, size } = this.#view;
    if (!fits || role !== "driver" || (size?.cols === fits.cols && size.rows === fits.rows)) return;
    this.#link.send({ type: "resize", ...fits });
  }

  setVisible(visible: boolean): void {
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#link.send({ type: "request", request: { type: visible ? "visible" : "hidden" } });
    if (visible) this.probe();
  }

  /** On becoming visible, or when the network is back. */
  probe(): void {
    this.#link.probe();
  }

  /** After a final refusal that a person may overrule, or to hurry a retry. */
  tryAgain(): void {
    this.#set({ link: { kind: "connecting" } });
    this.#link.open();
  }

  close(): void {
    this.#closed = true;
    this.#link.close();
    this.#listeners.clear();
  }

  #attach(): void {
    const fits = this.#options.screen.fits() ?? this.#view.size ?? { cols: 80, rows: 24 };
    const from = this.#epoch === null ? {} : { epoch: this.#epoch, offset: this.#received };
    const attach = { clientId: this.#clientId, ...fits, window: windowBytes, ...from };
    this.#link.send({ type: "attach", attach });
    if (!this.#visible) this.#link.send({ type: "request", request: { type: "hidden" } });
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
    if (event.type === "title") this.#options.onTitle(event.title);
    if (event.type === "bell") this.#options.onBell();
    this.#set(foldEvent(this.#view, event));
    if (event.type === "role") this.fit();
  }

  #takeAttached(attached: AttachedMessage): void {
    const { screen } = this.#options;
    const another = this.#epoch !== null && this.#epoch !== attached.epoch;
    if (another) this.#input.restart();
    this.#epoch = attached.epoch;
    this.#mutedBelow = attached.headOffset;
    screen.mute(attached.headOffset > attached.offset);
    const { cols, rows } = attached;
    if (attached.replay === "log") screen.reset(cols, rows);
    if (attached.replay === "resume") screen.resize(cols, rows);
    if (attached.replay !== "resume") this.#received = attached.offset;
    this.#parsed = this.#received;
    this.#acked = this.#received;
    const downMs = this.#link.downMs();
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
    this.#link.settled();
    this.fit();
  }

  #takeOutput(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    if (end <= this.#received) return;
    if (offset > this.#received) {
      this.#link.drop(); // a hole: attaching again gives exactly what is missing
      return;
    }
    const fresh = bytes.subarray(this.#received - offset);
    this.#received = end;
    this.#options.screen.write(fresh, () => this.#parsedTo(end));
    if (end > this.#view.headOffset) this.#view = { ...this.#view, headOffset: end };
  }

  #takeSnapshot(frame: Extract<ServerFrame, { type: "snapshot" }>): void {
    if (frame.first) {
      this.#options.screen.mute(true);
      this.#options.screen.reset(frame.cols, frame.rows);
      this.#snapshotting = true;
    }
    this.#received = frame.offset;
    this.#options.screen.write(frame.bytes, () => {
      if (!frame.last) return;
      this.#snapshotting = false;
      this.#parsedTo(frame.offset, true);
    });
    this.#set({ size: { cols: frame.cols, rows: frame.rows } });
  }

  #parsedTo(offset: number, mustAck = false): void {
    if (this.#closed) return;
    this.#parsed = Math.max(this.#parsed, offset);
    if (this.#parsed >= this.#mutedBelow && !this.#snapshotting) this.#options.screen.mute(false);
    if (!mustAck && this.#parsed - this.#acked < ackStepBytes) return;
    this.#acked = this.#parsed;
    this.#link.send({ type: "ack", offset: this.#parsed });
  }

  #set(change: Partial<LinkView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}
