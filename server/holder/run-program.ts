import { type ChildProcessByStdio, spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { holderFrame, type RequestOf } from "../protocol/holder-protocol";
import type { ByteAnswer } from "./byte-answer";

type Child = ChildProcessByStdio<Writable, Readable, Readable>;
export type RunResult = { code: number | null; signal: string | null; timedOut: boolean };

const killAfterMs = 5000;
const maxQueuedBytes = 256 * 1024;
const maxStdinBytes = 64 * 1024 * 1024;
const stdoutStream = 1;
const stderrStream = 2;
/** A child that outlives the program may hold its pipes for ever (a credential cache does). */
const heldPipeMs = 500;

/** One small command, not a shell, in a process group of its own; it ends when the link or `cancel` does. */
export class RunningProgram {
  #child: Child | null = null;
  #pending: Uint8Array[] = [];
  #stdinEnded = false;
  #stopping = false;
  #lastDataAt = 0;

  constructor(
    private readonly request: RequestOf<"run">,
    private readonly stream: number,
    private readonly answer: ByteAnswer,
  ) {}

  async run(): Promise<RunResult> {
    const { argv, cwd, env, timeoutMs } = this.request;
    if (cwd !== null && !(await isDirectory(cwd))) return this.#notStarted(`cannot start in ${cwd}: no such directory`);
    if (this.#stopping) return { code: null, signal: "SIGTERM", timedOut: false };
    const [file = "", ...args] = argv;
    // Typed with the variables that a web server has to have; this is a program's, and all of it.
    const whole = env as NodeJS.ProcessEnv;
    let child: Child;
    try {
      child = spawn(file, args, { cwd: cwd ?? "/", env: whole, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    } catch (error) {
      return this.#notStarted(`cannot start ${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#child = child;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      this.stop();
    }, timeoutMs);
    this.#connect(child);
    const end = await this.#ended(child, file);
    clearTimeout(timer);
    this.#child = null;
    return { ...end, timedOut };
  }

  /** An empty payload ends the program's input. */
  input(bytes: Uint8Array): void {
    if (bytes.length === 0) this.#stdinEnded = true;
    const stdin = this.#child?.stdin;
    if (stdin === undefined) {
      if (bytes.length > 0) this.#pending.push(bytes.slice());
      return;
    }
    if (bytes.length === 0) stdin.end();
    else if (!stdin.writableEnded) stdin.write(bytes.slice());
    if (stdin.writableLength > maxStdinBytes) this.stop();
  }

  /** TERM, then KILL after 5 s, to all of its group. */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    signalGroup(pid, "SIGTERM");
    setTimeout(() => signalGroup(pid, "SIGKILL"), killAfterMs).unref();
  }

  #connect(child: Child): void {
    child.stdin.on("error", () => {}); // It reads no more: its exit code tells what it made of that.
    for (const bytes of this.#pending.splice(0)) child.stdin.write(bytes);
    if (this.#stdinEnded) child.stdin.end();
    const send = (stream: Readable, number: number) => {
      stream.on("data", (chunk: Buffer) => {
        this.#lastDataAt = performance.now();
        this.#output(number, chunk);
        if (this.answer.queuedBytes > maxQueuedBytes) stream.pause();
      });
      stream.on("error", () => {}); // A pipe that breaks ends; `close` follows.
    };
    send(child.stdout, stdoutStream);
    send(child.stderr, stderrStream);
    this.answer.onRoom(() => {
      if (this.answer.queuedBytes > maxQueuedBytes / 2) return;
      for (const stream of [child.stdout, child.stderr]) if (stream.isPaused()) stream.resume();
    });
  }

  #ended(child: Child, file: string): Promise<{ code: number | null; signal: string | null }> {
    return new Promise((resolve) => {
      let watch: NodeJS.Timeout | undefined;
      child.once("error", (error) => {
        if (child.pid !== undefined) return;
        this.#output(stderrStream, Buffer.from(`cannot start ${file}: ${error.message}\n`));
        resolve({ code: 127, signal: null });
      });
      child.once("exit", () => {
        this.#lastDataAt = performance.now();
        watch = setInterval(() => this.#releaseHeldPipes(child), heldPipeMs / 5);
      });
      child.once("close", (code, signal) => {
        clearInterval(watch);
        resolve({ code, signal });
      });
    });
  }

  #releaseHeldPipes(child: Child): void {
    if (child.stdout.isPaused() || child.stderr.isPaused()) return;
    if (performance.now() - this.#lastDataAt < heldPipeMs) return;
    child.stdout.destroy();
    child.stderr.destroy();
  }

  #notStarted(reason: string): RunResult {
    this.#output(stderrStream, Buffer.from(`${reason}\n`));
    return { code: 127, signal: null, timedOut: false };
  }

  #output(number: number, bytes: Uint8Array): void {
    const frame = { type: holderFrame.requestOutput, stream: this.stream };
    this.answer.data(frame, bytes, { bytes: 1, fill: (view) => view.setUint8(0, number) });
  }
}

function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It is over, or it became another user's: neither can be ended from here.
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
