import { readFileSync } from "node:fs";
import { chmod, mkdir, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../domain/app-error";
import type { Log } from "../../kit/log";
import { credentialProtocol } from "../../protocol/holder-protocol";
import type { Host } from "../../sessions/host";
import type { PtyHost } from "../../terminals/pty-host";
import { createHost, type HeldHost, linkHostState } from "../host";
import { HolderLink } from "../link/holder-link";
import { createPtyHost } from "../pty-host";
import { writeCredentialProgram } from "./credential-program";
import { copyHolder, removeOldCopies } from "./holder-copy";
import { findHolder, type HolderPlace, reachHolder } from "./holder-process";
import { ensureSocketDirectory, socketPath } from "./socket-path";

export type LocalHostOptions = {
  dataDir: string;
  /** The built holder, with its `version` file. */
  bundleDir: string;
  /** Given by `loginEnvironment`. */
  environment: Record<string, string>;
  serverNumber: number;
  terminalLogBytes: number;
  log: Log;
  /** Ends the wait for the holder and closes the link. */
  signal: AbortSignal;
};

export type LocalHost = {
  host: Host;
  ptys: PtyHost;
  /** Of the holder that runs, which may be older than this server; null before one was reached. */
  version(): string | null;
  /** Lets go of the holder: all programs go on. */
  close(): Promise<void>;
  /** Ends all programs and the holder, also one that refuses this server. Rejects when it is still there afterwards. */
  shutdown(graceMs: number): Promise<void>;
};

/** How long a start waits for the holder before it goes on without: the host's state then says why. */
const startMs = 20_000;
/** Beyond the grace that programs are given. */
const endingMs = 15_000;

const olderHolder = "an older holder runs on: git in its terminals asks for passwords until `npm run stop-all`";

/**
 * This machine as a host. Uses the holder that runs for the data directory, whatever its version, else starts one from
 * a copy of its own; one that dies while this server runs is replaced.
 */
export async function openLocalHost(options: LocalHostOptions): Promise<LocalHost> {
  const { bundleDir, environment, serverNumber, terminalLogBytes, log, signal } = options;
  const uid = process.getuid?.() ?? 0;
  await makeOwn(options.dataDir);
  const dataDir = await realpath(options.dataDir);
  const holderDir = join(dataDir, "holder");
  const stateDir = join(holderDir, "state");
  for (const directory of [holderDir, stateDir]) await makeOwn(directory);
  const paths = await makePaths(dataDir);
  const runtimeDir = environment.XDG_RUNTIME_DIR ?? null;
  const socket = socketPath(dataDir, { runtimeDir, tempDir: tmpdir(), uid });
  await ensureSocketDirectory(socket, uid);
  const credentials = join(dirname(socket), "sign-in.sock");
  const copy = await copyHolder(bundleDir, holderDir);
  const place: HolderPlace = { copy, socket, credentials, stateDir, environment };
  const credentialProgram = await writeCredentialProgram(holderDir, { copy, socket: credentials });

  let stopping = false;
  const link = new HolderLink({
    async connect(limit) {
      if (stopping) throw new Error("the holder was told to end");
      return reachHolder(place, limit);
    },
    ...{ serverNumber, log },
    onWelcome({ version, protocol }) {
      if (protocol < credentialProtocol) log.warn(olderHolder, { version });
      link
        .begin<"configure">({ op: "configure", terminalLogBytes })
        .answer.catch((error: unknown) => log.warn("the holder kept its own log size", { error }));
      removeOldCopies(holderDir, [version, place.copy.version]).catch((error: unknown) =>
        log.warn("an old copy of the holder could not be removed", { error }),
      );
    },
  });
  const close = () => link.close();
  signal.addEventListener("abort", close, { once: true });
  await settled(link, (changed) => changed || link.isHere(), { signal, limitMs: startMs });
  if (link.state().kind === "away") log.error("the holder cannot be reached", { state: link.state() });

  return {
    host: { ...createHost(link, { environment, paths, credentialProgram }), ...thisMachine(link) },
    ptys: createPtyHost(link, { environment, log }),
    version: () => link.welcome()?.version ?? null,
    close,
    async shutdown(graceMs) {
      stopping = true;
      const pid = link.refused() ? await findHolder(place) : (link.welcome()?.pid ?? null);
      if (!link.refused()) {
        await link.request<"shutdown">({ op: "shutdown", graceMs });
        await settled(link, () => !link.isHere(), { signal, limitMs: graceMs + endingMs });
      } else if (pid !== null) {
        // It speaks another protocol, or obeys another server: a person who ends all means this one too.
        process.kill(pid, "SIGTERM");
      }
      await link.close();
      if (pid !== null) await gone(pid);
    },
  };
}

/** It is always up, shared by all repositories, and never goes. */
function thisMachine(link: HolderLink): Omit<Host, keyof HeldHost> {
  const refuse = async () => {
    throw new AppError("refused", "This machine is the host: Trellis does not end it.");
  };
  return {
    state: () => linkHostState(link),
    onState: (listener) => link.onState(() => listener(linkHostState(link))),
    facts: () => ({ podName: null, pending: [] }),
    settingsChanged() {},
    wake() {},
    suspend: refuse,
    restart: refuse,
    async remove() {},
  };
}

async function makePaths(dataDir: string): Promise<ReturnType<Host["paths"]>> {
  const paths = {
    repositories: join(dataDir, "repositories"),
    worktrees: join(dataDir, "worktrees"),
    ended: join(dataDir, "ended"),
    uploads: join(dataDir, "uploads"),
  };
  for (const path of Object.values(paths)) await makeOwn(path);
  return paths;
}

/** Also where it was made with other rights before: what lies in it is the owner's alone. */
async function makeOwn(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700);
}

/** Looks now and at each change of the link's state, until it is as wanted or the limit is over. */
async function settled(
  link: HolderLink,
  wanted: (changed: boolean) => boolean,
  { signal, limitMs }: { signal: AbortSignal; limitMs: number },
): Promise<void> {
  const done = new AbortController();
  const look = (changed: boolean) => {
    if (wanted(changed)) done.abort();
  };
  const off = link.onState(() => look(true));
  look(false);
  await sleep(limitMs, undefined, { signal: AbortSignal.any([done.signal, signal]) }).catch(() => {}); // the wait is over
  off();
}

async function gone(pid: number): Promise<void> {
  const until = Date.now() + endingMs;
  while (isAlive(pid)) {
    if (Date.now() > until)
      throw new AppError("unavailable", `The holder (pid ${pid}) runs on after it was told to end.`);
    await sleep(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // In a container whose first process reaps nobody, it may stay as a zombie for ever.
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return false;
    if (code === "ENOENT" && syscall === "open") return process.platform !== "linux";
    throw error;
  }
}
