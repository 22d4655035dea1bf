import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe } from "vitest";

/** Makes an empty database of its own and gives its URL. */
export type NewDatabase = () => Promise<string>;

/** A server that a test may stop and start. */
export type TestPostgres = { url: string; stop(): Promise<void> };

type Binaries = { kind: "found"; initdb: string; postgres: string; user: { uid: number; gid: number } | null };
type Source = { kind: "given"; url: string } | Binaries | { kind: "missing"; reason: string };

/**
 * Tests over a real PostgreSQL: the one that TRELLIS_TEST_POSTGRES_URL names (its user must be allowed to make
 * databases), else one started for this file. Where neither is to be had the tests are skipped, and the name says why.
 * `binaries` is the folder of its tools, or empty where only the URL is known.
 */
export function describePostgres(name: string, tests: (newDatabase: NewDatabase, binaries: string) => void): void {
  const source = findPostgres();
  if (source.kind === "missing") {
    describe.skip(`${name} [skipped: ${source.reason}]`, () =>
      tests(() => Promise.reject(new Error(source.reason)), ""));
    return;
  }
  describe(name, () => {
    let server: TestPostgres;
    beforeAll(async () => {
      server = source.kind === "given" ? { url: source.url, stop: async () => {} } : await startPostgres(source);
    });
    const made: string[] = [];
    afterAll(async () => {
      if (source.kind === "given")
        for (const database of made) await run(server.url, `DROP DATABASE ${database} (FORCE)`);
      await server?.stop();
    });
    tests(
      async () => {
        const database = `trellis_${randomBytes(6).toString("hex")}`;
        await run(server.url, `CREATE DATABASE ${database}`);
        made.push(database);
        const url = new URL(server.url);
        url.pathname = `/${database}`;
        return url.href;
      },
      source.kind === "found" ? path.dirname(source.initdb) : "",
    );
  });
}

/** PostgreSQL runs as anyone but root; for root there is `postgres`, or `nobody`. */
function findPostgres(): Source {
  const url = process.env["TRELLIS_TEST_POSTGRES_URL"];
  if (url) return { kind: "given", url };
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const installed = versions.map((version) => path.join(debian, version, "bin"));
  const places = [...(process.env["PATH"] ?? "").split(path.delimiter), ...installed];
  const bin = places.find(
    (place) => existsSync(path.join(place, "initdb")) && existsSync(path.join(place, "postgres")),
  );
  if (!bin) return { kind: "missing", reason: "no initdb and postgres in PATH or /usr/lib/postgresql" };
  const user = process.getuid?.() === 0 ? (accountIds("postgres") ?? accountIds("nobody")) : null;
  if (user === undefined)
    return { kind: "missing", reason: "PostgreSQL does not run as root, and there is no other account" };
  return { kind: "found", initdb: path.join(bin, "initdb"), postgres: path.join(bin, "postgres"), user };
}

function accountIds(name: string): { uid: number; gid: number } | undefined {
  const [uid, gid] = ["-u", "-g"].map((flag) => Number(spawnSync("id", [flag, name], { encoding: "utf8" }).stdout));
  return uid && gid ? { uid, gid } : undefined;
}

async function startPostgres({ initdb, postgres, user }: Binaries): Promise<TestPostgres> {
  const directory = mkdtempSync(path.join(tmpdir(), "trellis-pg-"));
  if (user) chownSync(directory, user.uid, user.gid);
  const env = { ...process.env, LC_ALL: "C" };
  const as = { ...(user ?? {}), cwd: directory, env };
  const data = path.join(directory, "data");
  execFileSync(initdb, ["-D", data, "-U", "trellis", "-A", "trust", "-E", "UTF8", "--no-sync"], {
    ...as,
    stdio: "pipe",
  });
  const settings = [
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "max_connections=200",
    `unix_socket_directories=${directory}`,
  ];
  const launch = (port: number): ChildProcess => {
    const options = ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
    return spawn(postgres, options, { ...as, stdio: ["ignore", "ignore", "pipe"] });
  };
  const { child, url } = await listening(launch, data);
  const end = () => void child.kill("SIGQUIT");
  process.once("exit", end);
  return {
    url,
    async stop() {
      process.off("exit", end);
      const gone = once(child, "exit");
      end();
      await gone;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A port that was free a moment ago may be taken by now: then it is another. */
async function listening(
  launch: (port: number) => ChildProcess,
  data: string,
): Promise<{ child: ChildProcess; url: string }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const url = `postgresql://trellis@127.0.0.1:${port}/postgres`;
    const child = launch(port);
    const end = () => void child.kill("SIGQUIT");
    process.once("exit", end);
    try {
      await answering(child, { url, data });
      return { child, url };
    } catch (error) {
      if (attempt === 3 || child.exitCode === null) throw error;
    } finally {
      process.off("exit", end);
    }
  }
}

/** Who took the port may be the PostgreSQL of another test, which answers as well: its data lie elsewhere. */
async function answering(child: ChildProcess, { url, data }: { url: string; data: string }): Promise<void> {
  let said = "";
  child.stderr?.on("data", (bytes: Buffer) => {
    said = `${said}${bytes}`.slice(-4096);
  });
  const giveUpAt = Date.now() + 30_000;
  while (true) {
    try {
      return await run(url, `DO $$ BEGIN ASSERT current_setting('data_directory') = '${data}'; END $$`);
    } catch (error) {
      if (child.exitCode !== null || Date.now() > giveUpAt)
        throw new Error(`PostgreSQL did not start: ${said}`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port to be had");
  return address.port;
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on("error", () => {}); // the test server is stopped under idle clients; a query that fails says so itself
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
