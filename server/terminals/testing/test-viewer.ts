import { createHash, randomUUID } from "node:crypto";
import type { Viewer, ViewerAttach, ViewerClose, ViewerMessage, ViewerSocket } from "../terminals";

type Attached = Extract<ViewerMessage, { kind: "attached" }>;

export type TestViewerOptions = {
  clientId?: string;
  mode?: "drive" | "view";
  cols?: number;
  rows?: number;
  windowBytes?: number;
  /** Messages wait in the network until `deliver`. */
  slow?: boolean;
  /** Acks are sent by hand. */
  manualAck?: boolean;
  epoch?: string;
  offset?: number;
};

/**
 * A browser in memory, over a network of its own: it checks at each message that no byte is missing or comes twice,
 * hashes what it is given, keeps its input until it is acknowledged, and resumes after a drop.
 */
export class TestViewer implements ViewerSocket {
  readonly clientId: string;
  readonly messages: ViewerMessage[] = [];
  readonly faults: string[] = [];
  readonly gaps: { from: number; to: number }[] = [];
  attached: Attached | null = null;
  closed: ViewerClose | null = null;
  exit: Extract<ViewerMessage, { kind: "exit" }> | null = null;
  role: "driver" | "viewer" | null = null;
  offset = 0;
  snapshots = 0;
  largest = 0;
  /** Of the whole output of this epoch, less gaps. */
  bytes: Uint8Array[] = [];
  viewer: Viewer | null = null;
  /** The offset of its first byte in this epoch. */
  began = 0;
  #hash = createHash("sha256");
  /** Between messages: who wants to know that what is before it was received. */
  #network: (ViewerMessage | (() => void))[] = [];
  #networkBytes = 0;
  #drain: (() => void)[] = [];
  #acked = 0;
  #typed = 0;
  #unacked: { position: number; bytes: Uint8Array }[] = [];
  #up = false;

  constructor(readonly options: TestViewerOptions = {}) {
    this.clientId = options.clientId ?? randomUUID();
  }

  async attach(open: (attach: ViewerAttach) => Promise<Viewer>): Promise<void> {
    const { cols = 80, rows = 24, mode = null, windowBytes = 1024 * 1024, epoch = null, offset = null } = this.options;
    const from = this.attached ? { epoch: this.attached.epoch, offset: this.offset } : { epoch, offset };
    if (!this.attached && offset !== null) this.offset = offset;
    this.#up = true;
    this.#drain = [];
    this.viewer = await open({ clientId: this.clientId, cols, rows, mode, windowBytes, ...from });
  }

  send(message: ViewerMessage): void {
    if (this.closed) this.faults.push(`sent ${message.kind} after close`);
    if (!this.#up) return;
    const copy = "bytes" in message ? { ...message, bytes: message.bytes.slice() } : message;
    this.#network.push(copy);
    this.#networkBytes += "bytes" in copy ? copy.bytes.length : 0;
    this.largest = Math.max(this.largest, this.#networkBytes);
    if (!this.options.slow) this.deliver(Number.POSITIVE_INFINITY);
  }

  bufferedBytes(): number {
    return this.#networkBytes;
  }

  onDrain(listener: () => void): void {
    this.#drain.push(listener);
  }

  onceReceived(listener: () => void): void {
    this.#network.push(listener);
    if (!this.options.slow) this.deliver(Number.POSITIVE_INFINITY);
  }

  close(reason: ViewerClose): void {
    this.closed = reason;
    this.#up = false;
  }

  /** The network lets that many messages through. */
  deliver(messages: number): void {
    for (let left = messages; left > 0; left -= 1) {
      const message = this.#network.shift();
      if (!message) break;
      if (typeof message === "function") {
        // Behind what the messages before it were answered with.
        queueMicrotask(message);
        continue;
      }
      this.#networkBytes -= "bytes" in message ? message.bytes.length : 0;
      this.#take(message);
    }
    if (this.#networkBytes < 64 * 1024 && this.options.slow) for (const listener of this.#drain) listener();
  }

  /** As a lost network: what was under way is lost with it. */
  drop(): void {
    this.#up = false;
    this.#network = [];
    this.#networkBytes = 0;
    this.viewer?.detach();
    this.viewer = null;
  }

  type(text: string): void {
    const input = { position: this.#typed, bytes: Buffer.from(text) };
    this.#typed += input.bytes.length;
    this.#unacked.push(input);
    if (this.attached && this.#up) this.viewer?.input(input.position, input.bytes);
  }

  ack(offset = this.offset): void {
    this.#acked = offset;
    this.viewer?.ack(offset);
  }

  get unacknowledged(): number {
    return this.#unacked.length;
  }

  digest(): string {
    return this.#hash.copy().digest("hex");
  }

  text(): string {
    return Buffer.concat(this.bytes).toString();
  }

  kinds(): string[] {
    return this.messages.map((message) => message.kind);
  }

  #take(message: ViewerMessage): void {
    this.messages.push(message);
    switch (message.kind) {
      case "attached":
        this.#takeAttached(message);
        break;
      case "output":
        if (message.offset !== this.offset) this.faults.push(`output at ${message.offset}, expected ${this.offset}`);
        if (message.bytes.length > 32 * 1024) this.faults.push(`output of ${message.bytes.length} bytes`);
        this.#hash.update(message.bytes);
        this.bytes.push(message.bytes);
        this.offset = message.offset + message.bytes.length;
        if (this.exit) this.faults.push("output after the exit");
        this.#ackInTime();
        break;
      case "snapshot":
        this.#takeSnapshot(message);
        break;
      case "gap":
        if (message.from !== this.offset) this.faults.push(`gap from ${message.from}, expected ${this.offset}`);
        this.gaps.push({ from: message.from, to: message.to });
        this.offset = message.to;
        this.#ackInTime();
        break;
      case "input-ack":
        this.#unacked = this.#unacked.filter((input) => input.position + input.bytes.length > message.position);
        break;
      case "exit":
        if (message.offset !== this.offset) this.faults.push(`exit at ${message.offset}, expected ${this.offset}`);
        this.exit = message;
        break;
      case "role":
        this.role = message.role;
        break;
      default:
    }
  }

  #takeSnapshot(message: Extract<ViewerMessage, { kind: "snapshot" }>): void {
    if (message.first) this.snapshots += 1;
    if (message.offset !== this.offset) this.faults.push(`snapshot at ${message.offset}, expected ${this.offset}`);
    const before = this.messages.at(-2);
    const inSnapshot = before?.kind === "snapshot" && !before.last;
    if (message.first === inSnapshot) this.faults.push("something stood between the frames of a snapshot");
    if (message.last && !this.options.manualAck) this.ack();
  }

  #takeAttached(attached: Attached): void {
    const same = this.attached?.epoch === attached.epoch;
    if (!same && this.attached) {
      this.#typed = 0;
      this.#unacked = [];
      this.bytes = [];
      this.#hash = createHash("sha256");
    }
    if (attached.replay === "resume" && same && attached.offset !== this.offset) {
      this.faults.push(`resumed at ${attached.offset}, had ${this.offset}`);
    }
    this.exit = null;
    this.attached = attached;
    this.role = attached.role;
    // A snapshot behind a gap: the gap begins where this viewer was.
    if (!same || attached.replay !== "snapshot") this.offset = attached.offset;
    if (!same) this.began = attached.offset;
    this.#acked = this.offset;
    // A network never answers inside a send.
    const taken = attached.inputOffset ?? 0;
    this.#unacked = this.#unacked.filter((input) => input.position + input.bytes.length > taken);
    const again = this.#unacked;
    queueMicrotask(() => {
      for (const input of again) this.viewer?.input(input.position, input.bytes);
    });
  }

  #ackInTime(): void {
    const { windowBytes = 1024 * 1024, manualAck } = this.options;
    if (!manualAck && this.offset - this.#acked >= windowBytes / 4) this.ack();
  }
}
