import { AppError } from "../domain/app-error";
import { BoundedOutput } from "../kit/bounded-output";
import { encodeFrame, type Frame, maxDataBytes } from "../protocol/byte-frames";
import { holderFrame } from "../protocol/holder-protocol";
import type { Host, HostState, RunOptions, RunResult } from "../sessions/host";
import type { BulkSource } from "./link/connection";
import type { HolderLink } from "./link/holder-link";
import { KeptCredentials } from "./link/kept-credentials";

const defaultTimeoutMs = 60_000;
const defaultOutputBytes = 16 * 1024 * 1024;
/** From TERM to KILL, and until the holder says that the command is over. */
const endingMs = 10_000;

/** All of the port but what is a matter of the machine: what can be asked of any holder. */
export type HeldHost = Pick<
  Host,
  "run" | "paths" | "programs" | "stopPrograms" | "keepCredentials" | "credentialHelper"
>;

export type HeldHostOptions = {
  /** The clean login environment, sent with every command; empty where the holder has one of its own. */
  environment: Record<string, string>;
  paths: ReturnType<Host["paths"]>;
  /** The program there that answers git, called with the repository's id. */
  credentialProgram: string;
};

/** What a holder does for a host, over a link. */
export function createHost(link: HolderLink, options: HeldHostOptions): HeldHost {
  const { environment, paths, credentialProgram } = options;
  const credentials = new KeptCredentials(link);
  return {
    run: (argv, options = {}) => run(link, argv, { ...options, env: { ...environment, ...options.env } }),
    paths: () => paths,
    async programs(sessionId) {
      return (await link.request<"programs">({ op: "programs", sessionId })).programs;
    },
    async stopPrograms(sessionId, graceMs) {
      const asked = { op: "stop-programs", sessionId, graceMs } as const;
      return (await link.request<"stop-programs">(asked, { workMs: graceMs + endingMs })).programs;
    },
    keepCredentials: (repositoryId, given) => credentials.keep(repositoryId, given),
    credentialHelper: (repositoryId) => `!${shellWord(credentialProgram)} ${shellWord(repositoryId)}`,
  };
}

/** git hands the value of a helper that begins with `!` to a shell. */
const shellWord = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** What the link alone tells of its host. */
export function linkHostState(link: HolderLink): HostState {
  const state = link.state();
  return state.kind === "here"
    ? { kind: "reachable", seenAt: link.heardAt() ?? new Date() }
    : { kind: "unreachable", since: state.since, reason: state.reason };
}

async function run(link: HolderLink, argv: string[], options: RunOptions & { env: Record<string, string> }) {
  const { cwd = null, env, input, signal, timeoutMs = defaultTimeoutMs } = options;
  const kept = keep(options);
  signal?.throwIfAborted();
  await link.untilHere();
  signal?.throwIfAborted();
  const { id, answer } = link.begin<"run">(
    { op: "run", argv, cwd, env, timeoutMs },
    { workMs: timeoutMs + endingMs, onFrame: kept.onFrame },
  );
  const over = new AbortController();
  link.sendBulk(inputFrames(id, input, over.signal));
  try {
    const ended = await Promise.race([answer, gaveUp(signal, over.signal, () => cancel(link, id))]);
    signal?.throwIfAborted();
    return kept.result(ended, timeoutMs);
  } catch (error) {
    // Nobody waits for it any more: one that is over does not mind.
    cancel(link, id);
    signal?.throwIfAborted();
    if (AppError.is(error) && error.code === "refused") return cannotStart(error.message);
    throw error;
  } finally {
    over.abort();
  }
}

const cancel = (link: HolderLink, id: number) => link.send(holderFrame.cancel, id, new Uint8Array(0));

/**
 * Cancels at an abort, and rejects only when the command is not over some time after it: a step that is tried again
 * must not meet its own command of before.
 */
function gaveUp(signal: AbortSignal | undefined, over: AbortSignal, cancelIt: () => void): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => {
      cancelIt();
      const timer = setTimeout(() => reject(signal?.reason), endingMs);
      over.addEventListener("abort", () => clearTimeout(timer), { once: true });
    };
    signal?.addEventListener("abort", abort, { signal: over, once: true });
  });
}

function keep({ maxOutputBytes = defaultOutputBytes, onOutput }: RunOptions) {
  const kept = { stdout: new BoundedOutput(maxOutputBytes), stderr: new BoundedOutput(maxOutputBytes) };
  return {
    onFrame({ type, payload }: Frame): void {
      if (type !== holderFrame.requestOutput) return;
      const stream = payload[0] === 1 ? "stdout" : "stderr";
      const bytes = payload.subarray(1);
      kept[stream].push(bytes);
      onOutput?.(stream, bytes);
    },
    result(ended: { code: number | null; signal: string | null; timedOut: boolean }, timeoutMs: number): RunResult {
      const { code, signal, timedOut } = ended;
      if (timedOut) kept.stderr.push(Buffer.from(`\nended: it took longer than ${timeoutMs} ms\n`));
      return {
        // What was cut off has not succeeded, whatever code it made of the signal.
        code: timedOut ? null : code,
        signal: timedOut ? (signal ?? "SIGTERM") : signal,
        stdout: kept.stdout.bytes(),
        stderr: kept.stderr.bytes(),
      };
    },
  };
}

/** The command's input and its end, cut so that no key waits behind it. */
function inputFrames(id: number, input: Uint8Array = new Uint8Array(0), over: AbortSignal): BulkSource {
  let at = 0;
  let ended = false;
  return () => {
    if (ended || over.aborted) return null;
    const bytes = input.subarray(at, at + maxDataBytes);
    at += bytes.length;
    ended = bytes.length === 0;
    return encodeFrame(holderFrame.requestInput, id, bytes);
  };
}

const cannotStart = (reason: string): RunResult => ({
  code: 127,
  signal: null,
  stdout: new Uint8Array(0),
  stderr: new TextEncoder().encode(`${reason}\n`),
});
