import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { HolderCopy } from "./holder-copy";

export type HolderPlace = {
  copy: HolderCopy;
  socket: string;
  credentials: string;
  stateDir: string;
  environment: Record<string, string>;
};

const pollMs = 25;
const findMs = 5_000;
/** For another starter's holder to answer, when ours found the place taken by it and left. */
const afterTakenMs = 3_000;

/** A stream to the holder of this place, whatever its version; starts one when none listens. */
export async function reachHolder(place: HolderPlace, signal: AbortSignal): Promise<Socket> {
  const running = await connectTo(place.socket);
  if (running) return running;
  const started = startHolder(place);
  while (true) {
    await sleep(pollMs, undefined, { signal });
    const socket = await connectTo(place.socket);
    if (socket) return socket;
    const end = started.ended();
    if (end && Date.now() > end.at + (end.taken ? afterTakenMs : 0)) {
      throw new Error(`the holder cannot be started: ${end.reason}; see holder.log in ${place.stateDir}`);
    }
  }
}

/**
 * The holder of this place, for one that takes no orders from this server. A second holder finds the first by its lock,
 * says who it is and leaves; one that finds none would stay, and is ended.
 */
export async function findHolder(place: HolderPlace): Promise<number | null> {
  const { file, args, env } = holderCommand(place);
  const { stdout } = await promisify(execFile)(file, args, { env, cwd: "/", timeout: findMs }).catch(unlessEnded);
  const pid = /\bpid (\d+)/.exec(stdout)?.[1];
  return pid === undefined ? null : Number(pid);
}

function unlessEnded(error: unknown): { stdout: string } {
  if (error instanceof Error && "killed" in error && error.killed === true) return { stdout: "" };
  throw error;
}

/** Null when nobody listens there. */
async function connectTo(path: string): Promise<Socket | null> {
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return socket;
  } catch (error) {
    socket.destroy();
    if (["ENOENT", "ECONNREFUSED"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

/** Detached, in no directory that could go away, without a file or a variable of this server: it outlives it. */
function startHolder(place: HolderPlace) {
  const { file, args, env } = holderCommand(place);
  const child = spawn(file, args, { detached: true, stdio: "ignore", cwd: "/", env });
  let end: { at: number; taken: boolean; reason: string } | null = null;
  child.on("error", (error) => {
    end = { at: Date.now(), taken: false, reason: error.message };
  });
  child.on("exit", (code, signal) => {
    const taken = code === 0;
    const reason = taken
      ? `another one has ${place.stateDir}, and does not answer at ${place.socket}`
      : `it ended with ${signal ?? `code ${code}`}`;
    end = { at: Date.now(), taken, reason };
  });
  child.unref();
  return { ended: () => end };
}

function holderCommand({ copy, socket, credentials, stateDir, environment }: HolderPlace) {
  const { HOME = "/", USER = "", PATH = "", LANG = "C.UTF-8" } = environment;
  const env: Record<string, string> = { HOME, USER, PATH, LANG };
  const serve = [
    "serve",
    "--socket",
    socket,
    "--credentials",
    credentials,
    "--dir",
    stateDir,
    "--version",
    copy.version,
  ];
  return {
    file: process.execPath,
    args: [join(copy.directory, "holder.mjs"), ...serve],
    // Next's types want a NODE_ENV in every environment; the holder has none to hand on.
    env: env as NodeJS.ProcessEnv,
  };
}
