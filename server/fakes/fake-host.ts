import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../domain/app-error";
import type { Program } from "../domain/loss";
import { BoundedOutput } from "../kit/bounded-output";
import type { Host, HostCredential, HostState, RunOptions, RunResult } from "../sessions/host";
import { openFakeCredentials } from "./fake-credentials";

export type FakeHost = Host & {
  /** Starts a real process that counts as a program of the session, as one typed into a terminal would. */
  start(sessionId: string, argv: string[]): Program;
  /** A program that exists only here; `stopPrograms` ends it unless it is `stubborn`. */
  addProgram(sessionId: string, program: Program & { stubborn?: boolean }): void;
  /** While it is not reachable every promise is rejected. */
  setState(state: HostState): void;
  /** Whether `wake` and `restart` bring it up at once. False leaves it starting, until the test says more. */
  comesUp: boolean;
  /** What is waiting for a restart, for `facts`. */
  pending: string[];
  /** What was asked of the host itself, in order. A `wake` of one that is up is left out. */
  readonly asked: ("settings-changed" | "wake" | "suspend" | "restart" | "remove")[];
  /** What each repository signs in with. */
  readonly credentials: ReadonlyMap<string, HostCredential[]>;
  /** Ends what `start` started. */
  close(): void;
};

type Entry = Program & { stubborn?: boolean; child?: ChildProcess };

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A host without a holder: commands are real processes of the test, directories lie below `root`. */
export async function createFakeHost(root: string, env: Record<string, string> = {}): Promise<FakeHost> {
  const login = { PATH: systemPath, HOME: root, LANG: "C.UTF-8", ...env };
  const paths = {
    repositories: join(root, "repositories"),
    worktrees: join(root, "worktrees"),
    ended: join(root, "ended"),
    uploads: join(root, "uploads"),
  };
  for (const path of Object.values(paths)) await mkdir(path, { recursive: true, mode: 0o700 });
  const programs = new Programs(login);
  const credentials = await openFakeCredentials();
  const listeners = new Set<(state: HostState) => void>();
  let state: HostState = { kind: "reachable", seenAt: new Date() };
  const reach = () => {
    if (state.kind !== "reachable") throw new AppError("unavailable", `The host is away: ${wordsFor(state)}`);
  };
  const fake: FakeHost = {
    async run(argv, options = {}) {
      reach();
      return runHere(argv, { ...login, ...options.env }, options);
    },
    paths: () => paths,
    async programs(sessionId) {
      reach();
      return programs.living(sessionId).map(asProgram);
    },
    async stopPrograms(sessionId, graceMs) {
      reach();
      return (await programs.stop(sessionId, graceMs)).map(asProgram);
    },
    async keepCredentials(repositoryId, given) {
      reach();
      credentials.keep(repositoryId, given);
    },
    credentialHelper: credentials.helper,
    state: () => state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    facts: () => ({ podName: null, pending: fake.pending }),
    ...ownLife(() => fake, { state: () => state, programs, reach }),
    comesUp: true,
    pending: [],
    asked: [],
    start: (sessionId, argv) => asProgram(programs.start(sessionId, argv)),
    addProgram: (sessionId, program) => programs.add(sessionId, program),
    setState(next) {
      state = next;
      for (const listener of listeners) listener(next);
    },
    credentials: credentials.kept,
    close() {
      programs.close();
      credentials.close();
    },
  };
  return fake;
}

type Life = { state(): HostState; programs: Programs; reach(): void };

/** Up, at rest and gone, as a test has it. */
function ownLife(
  self: () => FakeHost,
  { state, programs, reach }: Life,
): Pick<Host, "settingsChanged" | "wake" | "suspend" | "restart" | "remove"> {
  const bringUp = () => {
    self().setState({ kind: "starting", since: new Date(), detail: "Starting the container", trouble: null });
    if (self().comesUp) self().setState({ kind: "reachable", seenAt: new Date() });
  };
  return {
    settingsChanged: () => void self().asked.push("settings-changed"),
    wake() {
      if (state().kind === "reachable" || state().kind === "starting") return;
      self().asked.push("wake");
      if (state().kind === "suspended") bringUp();
    },
    async suspend() {
      self().asked.push("suspend");
      reach();
      programs.close();
      self().setState({ kind: "suspended", since: new Date() });
    },
    async restart() {
      self().asked.push("restart");
      programs.close();
      bringUp();
    },
    async remove() {
      self().asked.push("remove");
    },
  };
}

function wordsFor(state: HostState): string {
  switch (state.kind) {
    case "reachable":
      return "it is not";
    case "starting":
      return state.trouble ?? state.detail;
    case "suspended":
      return "it rests";
    case "unreachable":
      return state.reason;
  }
}

/** What runs for each session: real processes of this one, and such as exist only here. */
class Programs {
  readonly #entries = new Map<string, Entry[]>();

  constructor(private readonly env: Record<string, string>) {}

  living(sessionId: string): Entry[] {
    const left = (this.#entries.get(sessionId) ?? []).filter(({ child }) => !child || isRunning(child));
    this.#entries.set(sessionId, left);
    return left;
  }

  add(sessionId: string, entry: Entry): void {
    this.#entries.set(sessionId, [...this.living(sessionId), entry]);
  }

  start(sessionId: string, argv: string[]): Entry {
    const child = spawn(argv[0] ?? "", argv.slice(1), { env: bare(this.env), stdio: "ignore" });
    child.on("error", () => {}); // a program that cannot start is one that is over
    const facts = { pid: child.pid ?? 0, command: argv.join(" "), terminalId: null, startedAt: Date.now() };
    const entry: Entry = { ...facts, child };
    this.add(sessionId, entry);
    return entry;
  }

  async stop(sessionId: string, graceMs: number): Promise<Entry[]> {
    const anyLeft = () => this.living(sessionId).some((entry) => entry.child);
    for (const { child } of this.living(sessionId)) child?.kill("SIGTERM");
    await untilOver(anyLeft, graceMs);
    for (const { child } of this.living(sessionId)) child?.kill("SIGKILL");
    await untilOver(anyLeft, 5_000);
    const left = this.living(sessionId).filter((entry) => entry.stubborn || entry.child);
    this.#entries.set(sessionId, left);
    return left;
  }

  /** Also those that exist only here: nothing outlives its host. */
  close(): void {
    for (const { child } of [...this.#entries.values()].flat()) child?.kill("SIGKILL");
    this.#entries.clear();
  }
}

/** Next's types want a NODE_ENV in every environment; a person's programs have none. */
const bare = (env: Record<string, string>) => env as NodeJS.ProcessEnv;

const isRunning = (child: ChildProcess) => child.pid !== undefined && child.exitCode === null && !child.signalCode;

const asProgram = ({ pid, command, terminalId, startedAt }: Entry): Program => ({
  pid,
  command,
  terminalId,
  startedAt,
});

async function untilOver(anyLeft: () => boolean, limitMs: number): Promise<void> {
  const until = Date.now() + limitMs;
  while (anyLeft() && Date.now() < until) await sleep(10);
}

/** A group of its own, so that a timeout ends what the command started too. */
function runHere(argv: string[], env: Record<string, string>, options: RunOptions): Promise<RunResult> {
  const { cwd, input, signal, timeoutMs = 60_000, maxOutputBytes = 16 * 1024 * 1024, onOutput } = options;
  signal?.throwIfAborted();
  if (cwd !== undefined && !existsSync(cwd)) return Promise.resolve(cannotStart(`the directory ${cwd} does not exist`));
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0] ?? "", argv.slice(1), { cwd, env: bare(env), detached: true, stdio: "pipe" });
    const kept = { stdout: new BoundedOutput(maxOutputBytes), stderr: new BoundedOutput(maxOutputBytes) };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].on("data", (bytes: Buffer) => {
        kept[stream].push(bytes);
        onOutput?.(stream, bytes);
      });
    }
    let timedOut = false;
    let kill: NodeJS.Timeout | undefined;
    const end = () => {
      kill ??= setTimeout(() => signalGroup(child, "SIGKILL"), 5_000);
      signalGroup(child, "SIGTERM");
    };
    const timeout = setTimeout(() => {
      timedOut = true;
      kept.stderr.push(Buffer.from(`\nended: it took longer than ${timeoutMs} ms\n`));
      end();
    }, timeoutMs);
    signal?.addEventListener("abort", end, { once: true });
    const settle = () => {
      clearTimeout(timeout);
      clearTimeout(kill);
      signal?.removeEventListener("abort", end);
    };
    child.on("error", (error) => {
      settle();
      resolve(cannotStart(`${argv[0]}: ${error.message}`));
    });
    child.on("close", (code, ended) => {
      settle();
      if (signal?.aborted) return reject(signal.reason);
      resolve({
        code: timedOut ? null : code,
        signal: timedOut ? (ended ?? "SIGTERM") : ended,
        stdout: kept.stdout.bytes(),
        stderr: kept.stderr.bytes(),
      });
    });
    child.stdin.on("error", () => {}); // it ended without reading all of its input: its code says how that went
    child.stdin.end(input);
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const cannotStart = (reason: string): RunResult => ({
  code: 127,
  signal: null,
  stdout: new Uint8Array(0),
  stderr: Buffer.from(`${reason}\n`),
});
