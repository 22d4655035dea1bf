import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildHolder } from "../../../scripts/build-holder.mjs";
import { encodeFrame, type Frame, FrameReader, getOffset, offsetPayload, putOffset } from "../../protocol/byte-frames";
import {
  type HolderRequest,
  holderFrame,
  holderProtocol,
  type LogRecord,
  type ProcessState,
  type PtyEventMessage,
} from "../../protocol/holder-protocol";
import { LinkCredit } from "../../protocol/link-credit";

/** For tests: the built holder as a process of its own, in directories of its own. */
export class TestHolder {
  readonly dir = mkdtempSync(join(tmpdir(), "holder-"));
  readonly socket = join(this.dir, "holder.sock");
  readonly program: string;
  child: ChildProcess | null = null;
  /** Programs are looked for by their marks on all of the machine: what another test's holder has is none of ours. */
  readonly #mark = `-${randomBytes(4).toString("hex")}`;
  readonly #links: TestLink[] = [];

  /** On a program built before, or one that is still to be built. */
  constructor(program?: string) {
    this.program = program ?? join(this.dir, "program");
  }

  static async started(): Promise<TestHolder> {
    const holder = new TestHolder();
    await TestHolder.build(holder.program);
    await holder.start();
    return holder;
  }

  static async build(program: string): Promise<void> {
    await buildHolder(program);
  }

  /** Another process on the same directories; resolves with its first line. */
  start(env: Record<string, string> = {}, more: string[] = []): Promise<string> {
    const args = ["serve", "--socket", this.socket, "--dir", join(this.dir, "state"), "--version", "test", ...more];
    const child = spawn(process.execPath, [join(this.program, "holder.mjs"), ...args], {
      cwd: "/",
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`the holder ended with ${code}`)));
      child.stdout.once("data", (line: Buffer) => {
        if (line.toString().includes("listens")) this.child = child;
        resolve(line.toString());
      });
    });
  }

  async link(serverNumber = 1, protocol = holderProtocol): Promise<TestLink> {
    const link = await TestLink.open(createConnection(this.socket), { serverNumber, protocol, mark: this.#mark });
    this.#links.push(link);
    return link;
  }

  /** As a crash would: nothing is told to anyone. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  async close(): Promise<void> {
    const { child } = this;
    for (const link of this.#links) link.close();
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      const link = await this.link(Number.MAX_SAFE_INTEGER);
      await link.ask({ op: "shutdown", graceMs: 500 });
      await gone;
      link.close();
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}

type TestHello = { serverNumber: number; protocol: number; mark: string };
type Result = { ok: true; result: unknown } | { ok: false; code: string; message: string };
type Follow = { bytes: Buffer[]; length: number; records: LogRecord[]; next: number };

/** The server's end of a link, as small as it can be. */
export class TestLink {
  readonly frames: Frame[] = [];
  readonly events: { handle: number; event: PtyEventMessage }[] = [];
  readonly acks: { handle: number; clientId: string; position: number }[] = [];
  welcome: { holderId: string; version: string; pid: number } | null = null;
  refused: string | null = null;
  closed = false;
  readonly #responses = new Map<number, (result: Result) => void>();
  readonly #follows = new Map<number, Follow & { ack: boolean }>();
  readonly #outputs = new Map<number, Buffer[]>();
  #nextRequest = 1;
  #greeted: () => void = () => {};

  private constructor(
    private readonly socket: Socket,
    private readonly mark: string,
  ) {
    const reader = new FrameReader();
    const credit = new LinkCredit();
    socket.on("data", (chunk: Buffer) => {
      const taken = credit.received(chunk.length);
      if (taken !== null) this.#send(holderFrame.taken, 0, offsetPayload(taken));
      for (const frame of reader.push(chunk)) this.#receive(frame);
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
      this.#greeted();
      for (const answer of this.#responses.values())
        answer({ ok: false, code: "closed", message: "the link is closed" });
    });
  }

  static async open(socket: Socket, { mark, ...hello }: TestHello): Promise<TestLink> {
    const link = new TestLink(socket, mark);
    const greeted = new Promise<void>((resolve) => {
      link.#greeted = resolve;
    });
    link.#send(holderFrame.hello, 0, Buffer.from(JSON.stringify(hello)));
    await greeted;
    return link;
  }

  /** A session or program of this holder alone, by the name that a test has for it: requests may use either. */
  own(name: string): string {
    return name.endsWith(this.mark) ? name : `${name}${this.mark}`;
  }

  /** Rejects with `code: message` when refused. */
  async ask<T = Record<string, unknown>>(request: HolderRequest): Promise<T> {
    return (await this.begin(request).result) as T;
  }

  begin(request: HolderRequest): { stream: number; result: Promise<unknown> } {
    const stream = this.#nextRequest++;
    const result = new Promise((resolve, reject) => {
      this.#responses.set(stream, (answer) => {
        if (answer.ok) resolve(answer.result);
        else reject(new Error(`${answer.code}: ${answer.message}`));
      });
    });
    result.catch(() => {}); // who waits for it is told; nobody needs to
    const named = Object.entries(request).map(([key, value]) => [key, ids.has(key) ? this.own(value) : value]);
    this.#send(holderFrame.request, stream, Buffer.from(JSON.stringify(Object.fromEntries(named))));
    return { stream, result };
  }

  async shell(processId: string, command: string[] | null, more: Partial<HolderRequest> = {}): Promise<ProcessState> {
    const env = { PATH: process.env.PATH ?? "", HOME: tmpdir(), PS1: "$ " };
    const spec = { op: "open-pty", processId, sessionId: "s1", command, cwd: tmpdir(), env, cols: 80, rows: 24 };
    return this.ask<ProcessState>({ ...spec, ...more } as HolderRequest);
  }

  /** Follows a log; acknowledges all it gets unless told not to. */
  follow(
    { processId, epoch }: ProcessState,
    offset = 0,
    { windowBytes = 1048576, ack = true } = {},
  ): Follow & { stream: number } {
    const { stream } = this.begin({ op: "subscribe", processId, epoch, offset, windowBytes });
    const follow = { bytes: [], length: 0, records: [], next: offset, ack };
    this.#follows.set(stream, follow);
    return Object.assign(follow, { stream });
  }

  ack(stream: number, offset: number): void {
    this.#send(holderFrame.ack, stream, offsetPayload(offset));
  }

  type({ handle }: ProcessState, text: string | Uint8Array, position: number, clientId = "c1"): void {
    const bytes = Buffer.from(text as string);
    const head = Buffer.alloc(1 + clientId.length + 8);
    head[0] = clientId.length;
    head.write(clientId, 1);
    putOffset(new DataView(head.buffer, head.byteOffset), 1 + clientId.length, position);
    this.#send(holderFrame.input, handle, Buffer.concat([head, bytes]));
  }

  async run(argv: string[], { input = "", timeoutMs = 60_000, cwd = null as string | null, env = {} } = {}) {
    const { stream, result } = this.begin({ op: "run", argv, cwd, env, timeoutMs });
    this.#outputs.set(stream, []);
    if (input !== "") this.#send(holderFrame.requestInput, stream, Buffer.from(input));
    this.#send(holderFrame.requestInput, stream, new Uint8Array(0));
    const end = (await result) as { code: number | null; signal: string | null; timedOut: boolean };
    const parts = this.#outputs.get(stream) ?? [];
    const text = (number: number) =>
      Buffer.concat(parts.filter((part) => part[0] === number).map((part) => part.subarray(1))).toString();
    return { ...end, stdout: text(1), stderr: text(2) };
  }

  cancel(stream: number): void {
    this.#send(holderFrame.cancel, stream, new Uint8Array(0));
  }

  async snapshot({ processId, epoch }: ProcessState) {
    const { stream, result } = this.begin({ op: "snapshot", processId, epoch });
    this.#outputs.set(stream, []);
    const at = (await result) as { offset: number; cols: number; rows: number };
    return { ...at, bytes: Buffer.concat(this.#outputs.get(stream) ?? []) };
  }

  async readLog({ processId, epoch }: ProcessState, from: number, limitBytes = 1048576) {
    const { stream, result } = this.begin({ op: "read-log", processId, epoch, from, limitBytes });
    const follow: Follow = { bytes: [], length: 0, records: [], next: from };
    this.#follows.set(stream, { ...follow, ack: false });
    const at = (await result) as { tailOffset: number; headOffset: number };
    const got = this.#follows.get(stream) ?? follow;
    return { ...at, records: got.records, bytes: Buffer.concat(got.bytes) };
  }

  ping(token: Uint8Array): void {
    this.#send(holderFrame.ping, 0, token);
  }

  raw(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Stops reading, as a stalled server does. */
  stall(): void {
    this.socket.pause();
  }

  close(): void {
    this.socket.destroy();
  }

  #send(type: number, stream: number, payload: Uint8Array): void {
    this.socket.write(encodeFrame(type, stream, payload));
  }

  #receive({ type, stream, payload }: Frame): void {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const json = () => JSON.parse(Buffer.from(payload).toString());
    switch (type) {
      case holderFrame.welcome:
        this.welcome = json();
        this.#greeted();
        return;
      case holderFrame.refused:
        this.refused = json().reason;
        return;
      case holderFrame.response:
        this.#responses.get(stream)?.(json());
        this.#responses.delete(stream);
        return;
      case holderFrame.requestOutput:
      case holderFrame.bytes:
        this.#outputs.get(stream)?.push(Buffer.from(payload));
        return;
      case holderFrame.output:
        this.#output(stream, getOffset(view, 0), Buffer.from(payload.subarray(8)));
        return;
      case holderFrame.record: {
        const record: LogRecord = json();
        const follow = this.#follows.get(stream);
        if (record.kind === "gap" && follow) follow.next = record.to;
        follow?.records.push(record);
        return;
      }
      case holderFrame.event:
        this.events.push({ handle: stream, event: json() });
        return;
      case holderFrame.inputAck: {
        const length = view.getUint8(0);
        const clientId = Buffer.from(payload.subarray(1, 1 + length)).toString();
        this.acks.push({ handle: stream, clientId, position: getOffset(view, 1 + length) });
        return;
      }
      case holderFrame.taken:
        return;
      default:
        this.frames.push({ type, stream, payload: payload.slice() });
    }
  }

  #output(stream: number, offset: number, bytes: Buffer): void {
    const follow = this.#follows.get(stream);
    if (follow === undefined) return;
    if (offset !== follow.next) throw new Error(`output at ${offset} where ${follow.next} comes next`);
    follow.bytes.push(bytes);
    follow.length += bytes.length;
    follow.next += bytes.length;
    if (follow.ack) this.ack(stream, follow.next);
  }
}

const ids = new Set(["processId", "sessionId"]);

export const textOf = (follow: { bytes: Buffer[] }): string => Buffer.concat(follow.bytes).toString();
