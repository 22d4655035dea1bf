import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HolderCopy } from "./holder-copy";

export type HolderPlace = { copy: HolderCopy; socket: string; stateDir: string; environment: Record<string, string> };

const pollMs = 25;
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
function startHolder({ copy, socket, stateDir, environment }: HolderPlace) {
  const { HOME = "/", USER = "", PATH = "", LANG = "C.UTF-8" } = environment;
  const env: Record<string, string> = { HOME, USER, PATH, LANG };
  const args = ["serve", "--socket", socket, "--dir", stateDir, "--version", copy.version];
  const child = spawn(process.execPath, [join(copy.directory, "holder.mjs"), ...args], {
    ...{ detached: true, stdio: "ignore", cwd: "/" },
    // Next's types want a NODE_ENV in every environment; the holder has none to hand on.
    env: env as NodeJS.ProcessEnv,
  });
  let end: { at: number; taken: boolean; reason: string } | null = null;
  child.on("error", (error) => {
    end = { at: Date.now(), taken: false, reason: error.message };
  });
  child.on("exit", (code, signal) => {
    const taken = code === 0;
    const reason = taken
      ? `another one has ${stateDir}, and does not answer at ${socket}`
      : `it ended with ${signal ?? `code ${code}`}`;
    end = { at: Date.now(), taken, reason };
  });
  child.unref();
  return { ended: () => end };
}
