import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { z } from "zod";
import { AppError } from "../domain/app-error";
import { takeDirectoryLock } from "../kit/directory-lock";
import type { Lifecycle } from "../kit/lifecycle";

/** What a running server says of itself: for the message to a second one, and for `npm run sign-in`. */
const runningServer = z.object({ pid: z.int(), url: z.string().nullable(), address: z.string().nullable() });
export type RunningServer = z.infer<typeof runningServer>;

export type DataDirectory = {
  /** The same for every server that ever runs on this directory, and no other. */
  id: string;
  /** The highest lease number that a server on this directory ever had: its holder obeys none below it. */
  highestNumber(): Promise<number>;
  keepNumber(number: number): Promise<void>;
  say(server: RunningServer): Promise<void>;
  release(): Promise<void>;
};

/** The data directory as this server's alone until the lifecycle closes. A second server is told who has it. */
export async function takeDataDirectory(directory: string, lifecycle: Lifecycle): Promise<DataDirectory> {
  const taken = await take(directory);
  lifecycle.onClose("the data directory", () => taken.release());
  await taken.say({ pid: process.pid, url: null, address: null });
  return taken;
}

async function take(directory: string): Promise<DataDirectory> {
  let release: (() => void) | null;
  try {
    await makeDirectory(directory);
    await chmod(directory, 0o700);
    release = takeDirectoryLock(directory);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "unavailable",
      `The data directory ${directory} cannot be used: ${reason}. Set TRELLIS_DATA_DIR.`,
      {
        cause: error,
      },
    );
  }
  if (!release) throw new AppError("conflict", await whoHasIt(directory));
  const file = path.join(directory, "server.json");
  const free = release;
  try {
    return {
      id: `${hostname()}:${await idOf(directory)}`,
      highestNumber: () => readNumber(path.join(directory, "server-number")),
      keepNumber: (number) => writeNumber(path.join(directory, "server-number"), number),
      say: (server) => writeFile(file, JSON.stringify(server), { mode: 0o600 }),
      async release() {
        await rm(file, { force: true });
        free();
      },
    };
  } catch (error) {
    free();
    throw error;
  }
}

/** Node tells of a read-only place as of one that is not there: the plain call has the system's own reason. */
async function makeDirectory(directory: string): Promise<void> {
  const made = mkdir(directory, { recursive: true, mode: 0o700 });
  await made.catch(() => mkdir(directory, { mode: 0o700 }));
}

/** 0 where none was ever kept. */
async function readNumber(file: string): Promise<number> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return "";
  });
  return /^\d{1,15}$/.test(text) ? Number(text) : 0;
}

async function writeNumber(file: string, number: number): Promise<void> {
  await writeFile(`${file}.new`, String(number), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Null where no server says that it runs, or what it left is not readable. */
export async function readRunningServer(directory: string): Promise<RunningServer | null> {
  const text = await readFile(path.join(directory, "server.json"), "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return runningServer.parse(JSON.parse(text));
  } catch {
    // Cut off by a full disk or a kill: it says nothing, which is the answer.
    return null;
  }
}

async function whoHasIt(directory: string): Promise<string> {
  const other = await readRunningServer(directory);
  const who = other ? `process ${other.pid}${other.url ? ` at ${other.url}` : ""}` : "another process";
  return `A Trellis server already runs on ${directory}: ${who}. Use it, end it, or set TRELLIS_DATA_DIR to another directory.`;
}

async function idOf(directory: string): Promise<string> {
  const file = path.join(directory, "id");
  await writeFile(file, randomUUID(), { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return (await readFile(file, "utf8")).trim();
}
