import { execFile } from "node:child_process";
import { access, constants, stat, statfs } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Config } from "../../config";
import { socketPath } from "../../hosts/local/socket-path";
import { takeDirectoryLock } from "../../kit/directory-lock";
import { lookAtDatabase } from "../../store/look-at-database";
import { readRunningServer } from "../data-directory";
import { type Finding, find } from "./finding";

const run = promisify(execFile);
const waitMs = 5_000;
/** Below it, git and the logs of terminals soon fail. */
const scarceBytes = 1024 ** 3;

export async function lookAtMachine(config: Config, environment: Record<string, string>): Promise<Finding[]> {
  const { dataDir } = config;
  const directory = await lookAtDataDirectory(dataDir);
  return [
    directory,
    { name: "server", kind: "well", says: await runningServer(dataDir) },
    await find("database", () => lookAtDatabase(config.databaseUrl)),
    { name: "local host", kind: "well", says: await localHost(config, environment) },
    await lookAtGit(environment),
  ];
}

async function lookAtDataDirectory(dataDir: string): Promise<Finding> {
  const name = "data directory";
  const place = await nearest(dataDir);
  try {
    await access(place, constants.R_OK | constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(place);
    const free = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`;
    if (bavail * bsize < scarceBytes) return { name, kind: "mend", says: `${dataDir}: ${free}: make room` };
    const made = place === dataDir ? "" : ", which the first start makes";
    return { name, kind: "well", says: `${dataDir}${made}, ${free}` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { name, kind: "mend", says: `${dataDir} cannot be used: ${reason}. Set TRELLIS_DATA_DIR.` };
  }
}

/** The directory itself, or the one it would be made in. */
async function nearest(directory: string): Promise<string> {
  const isThere = await stat(directory).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT",
  );
  return isThere || directory === path.dirname(directory) ? directory : nearest(path.dirname(directory));
}

/** What a server left that was killed is not a server: the lock tells. */
async function runningServer(dataDir: string): Promise<string> {
  const said = await readRunningServer(dataDir);
  if (!said) return "none runs on this data directory";
  const release = takeDirectoryLock(dataDir);
  release?.();
  return release ? "none runs on this data directory" : `process ${said.pid}${said.url ? ` at ${said.url}` : ""}`;
}

async function localHost({ dataDir, localHost }: Config, environment: Record<string, string>): Promise<string> {
  if (!localHost) return "off (TRELLIS_LOCAL_HOST): repositories live in the cluster";
  const runtimeDir = environment["XDG_RUNTIME_DIR"] ?? null;
  const socket = socketPath(dataDir, { runtimeDir, tempDir: tmpdir(), uid: userInfo().uid });
  return (await listens(socket)) ? `a holder listens at ${socket}` : "no holder runs: the server starts one";
}

function listens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const tried = connect(socket);
    const answer = (isThere: boolean) => {
      tried.destroy();
      resolve(isThere);
    };
    tried.setTimeout(waitMs, () => answer(false));
    tried.on("connect", () => answer(true));
    tried.on("error", () => answer(false));
  });
}

async function lookAtGit(environment: Record<string, string>): Promise<Finding> {
  return find("git", async () => {
    try {
      return (
        await run("git", ["--version"], { env: environment as NodeJS.ProcessEnv, timeout: waitMs })
      ).stdout.trim();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw new Error(code === "ENOENT" ? "git is not installed: sessions need it" : message, { cause: error });
    }
  });
}
