import { closeSync, constants, openSync, readSync, writeSync } from "node:fs";
import { constants as system } from "node:os";
import { type IPty, spawn } from "@lydell/node-pty";

export type PtyStart = {
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  cols: number;
  rows: number;
};

export type PtyEnd = { code: number | null; signal: string | null };

/** A PTY and its program. What `onData` gives is written over afterwards; `onEnd` comes once, after all output. */
export interface NativePty {
  readonly pid: number;
  onData(listener: (chunk: Buffer) => void): void;
  onEnd(listener: (end: PtyEnd) => void): void;
  /** What the kernel took, at once; 0 when it takes none now. */
  write(bytes: Uint8Array): number;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
}

/** What stands on the object beside the documented API. */
type Inside = {
  fd: number;
  ptsName: string;
  _socket: { destroy(error?: Error): void; readonly destroyed: boolean; readonly readableLength: number };
};

/** A pty's kernel buffers hold less than this: what came beyond it after the end was written after the end. */
const tailBytes = 256 * 1024;
const quietTicks = 4;
const tickMs = 5;
/** A read this long left more behind: the kernel gives at most 4 KiB of a PTY at once. */
const fullReadBytes = 2 * 1024;
/** Short enough that no key, here or in another terminal, waits behind it. */
const drainBytes = 64 * 1024;
const drained = Buffer.allocUnsafeSlow(drainBytes);

export function startPty({ file, args, cwd, env, cols, rows }: PtyStart): NativePty {
  const pty = spawn(file, args, { name: env.TERM ?? "xterm-256color", cols, rows, cwd, env, encoding: null });
  const inside = pty as IPty & Inside;
  let received = 0;
  let paused = false;
  keepTail(inside, { received: () => received, paused: () => paused });
  return {
    pid: pty.pid,
    onData: (listener) => {
      pty.onData((chunk) => {
        // Typed as text by the package, but bytes with `encoding: null`.
        const first = chunk as unknown as Buffer;
        const bytes = first.length < fullReadBytes || paused ? first : withMore(inside, first);
        received += bytes.length;
        listener(bytes);
      });
    },
    onEnd: (listener) => {
      pty.onExit(({ exitCode, signal }) => listener(ending(exitCode, signal)));
    },
    write: (bytes) => writeNow(inside.fd, bytes),
    resize: (toCols, toRows) => pty.resize(toCols, toRows),
    pause: () => {
      paused = true;
      pty.pause();
    },
    resume: () => {
      paused = false;
      pty.resume();
    },
  };
}

/**
 * node-pty drops the last kilobytes at exit: libuv takes a partial read with a hang-up for the end. While the slave is
 * held open nothing hangs up; node-pty then destroys its socket 200 ms after the exit, which waits here until nothing
 * more comes. A tick without data means that a poll found none: time alone would lie on a busy machine.
 */
function keepTail(inside: Inside, seen: { received(): number; paused(): boolean }): void {
  const slave = openSync(inside.ptsName, constants.O_RDWR | constants.O_NOCTTY);
  const destroy = inside._socket.destroy.bind(inside._socket);
  let ending = false;
  inside._socket.destroy = () => {
    if (ending) return;
    ending = true;
    const limit = seen.received() + tailBytes;
    let last = seen.received();
    let quiet = 0;
    const timer = setInterval(() => {
      if (!seen.paused()) quiet = seen.received() === last ? quiet + 1 : 0;
      last = seen.received();
      if (quiet < quietTicks && last < limit) return;
      clearInterval(timer);
      closeSync(slave);
      destroy();
    }, tickMs);
  };
}

/**
 * A flood comes in thousands of small reads, and a turn of the loop for each costs more than all that is done with its
 * bytes: what is there already is read at once. Not while the stream holds bytes back, which come before it.
 */
function withMore({ fd, _socket }: Inside, first: Buffer): Buffer {
  if (_socket.destroyed || _socket.readableLength > 0 || first.length >= drainBytes) return first;
  let length = first.copy(drained);
  while (length < drainBytes) {
    const read = readNow(fd, length);
    if (read === 0) break;
    length += read;
  }
  return drained.subarray(0, length);
}

/** Into `drained` from `at` on; 0 when there is nothing now. An end or a fault is the stream's own to meet. */
function readNow(fd: number, at: number): number {
  try {
    return readSync(fd, drained, at, drainBytes - at, null);
  } catch {
    return 0;
  }
}

/** Straight to the descriptor, which does not block: the stream's own write spins while a program reads nothing. */
function writeNow(fd: number, bytes: Uint8Array): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EAGAIN") return 0;
    throw error;
  }
}

const signalNames = new Map(Object.entries(system.signals).map(([name, number]) => [number, name]));

function ending(code: number, signal: number | undefined): PtyEnd {
  if (signal === undefined || signal === 0) return { code, signal: null };
  return { code: null, signal: signalNames.get(signal) ?? String(signal) };
}
