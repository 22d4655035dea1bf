import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { DatabaseSync } from "@photostructure/sqlite";
import { AppError } from "../domain/app-error";
import { explainSqlite } from "./sqlite/explain-sqlite";
import { sqliteFile } from "./sqlite/sqlite-file";

const run = promisify(execFile);

/** A dump or an archive that takes longer than this has hung. */
const toolMs = 60 * 60 * 1000;

export type BackUpOptions = {
  databaseUrl: string;
  dataDir: string;
  /** A folder, to make a folder of this moment in; or, when it ends with `.tar.gz`, the file to make. */
  place: string;
  /** In which `pg_dump` and `tar` are looked for. */
  environment: Record<string, string | undefined>;
  now: Date;
};

/**
 * A copy of the database, the key and the token, each whole and all of one moment, while the server runs and writes.
 * It appears under its name when it is complete. Clones and worktrees are not in it. Resolves with its path.
 */
export async function backUp(options: BackUpOptions): Promise<string> {
  const place = path.resolve(options.place);
  const archive = /\.(tar\.gz|tgz)$/.test(place);
  const moment = options.now.toISOString().replace(/[-:]|\.\d+/g, "");
  const target = archive ? place : path.join(place, `trellis-${moment}`);
  if (await exists(target)) throw new AppError("conflict", `${target} is there already: name another place`);
  await mkdir(path.dirname(target), { recursive: true });
  const draft = await mkdtemp(`${target}.unfinished-`);
  try {
    const contents = path.join(draft, "contents");
    await mkdir(contents, { mode: 0o700 });
    await copyDatabase(options, contents);
    for (const name of ["secret-key", "token"])
      await copyPrivate(path.join(options.dataDir, name), path.join(contents, name));
    const made = archive ? await pack(draft, contents, options.environment) : contents;
    await rename(made, target);
    return target;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function pack(draft: string, contents: string, environment: BackUpOptions["environment"]): Promise<string> {
  const packed = path.join(draft, "packed.tar.gz");
  await tool("tar", ["-czf", packed, "-C", contents, "."], environment);
  await chmod(packed, 0o600);
  return packed;
}

async function copyDatabase({ databaseUrl, environment }: BackUpOptions, folder: string): Promise<void> {
  if (databaseUrl.startsWith("file:")) return copySqlite(sqliteFile(databaseUrl), path.join(folder, "trellis.db"));
  const dump = path.join(folder, "trellis.dump");
  await tool("pg_dump", ["--format=custom", "--no-owner", `--file=${dump}`], { ...environment, ...libpq(databaseUrl) });
  await chmod(dump, 0o600);
}

/** In one read transaction, which in WAL mode holds up nobody's writes. */
async function copySqlite(file: string, copy: string): Promise<void> {
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 30_000 });
    try {
      database.prepare("VACUUM INTO ?").run(copy);
    } finally {
      database.close();
    }
    await chmod(copy, 0o600);
  } catch (error) {
    throw explainSqlite(file, error);
  }
}

/** One that is not there is no fault: the key may be given by TRELLIS_SECRET_KEY. */
async function copyPrivate(from: string, to: string): Promise<void> {
  if (!(await exists(from))) return;
  await copyFile(from, to);
  await chmod(to, 0o600);
}

/** By the environment, for a password in a command line is there for every user of the machine to read. */
function libpq(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const given: [string, string | null][] = [
    ["PGHOST", searchParams.get("host") ?? hostname],
    ["PGPORT", port],
    ["PGUSER", decodeURIComponent(username)],
    ["PGPASSWORD", decodeURIComponent(password)],
    ["PGDATABASE", decodeURIComponent(pathname.slice(1))],
    ["PGSSLMODE", searchParams.get("sslmode")],
  ];
  return Object.fromEntries(given.filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== ""));
}

async function tool(name: string, args: string[], environment: BackUpOptions["environment"]): Promise<void> {
  try {
    await run(name, args, { env: environment as NodeJS.ProcessEnv, timeout: toolMs });
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const told = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    const message = missing ? `${name} is not installed: it is needed for this backup` : `${name} failed: ${told}`;
    throw new AppError("unavailable", message, { cause: error });
  }
}

async function exists(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}
