import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { ofItsOwn } from "./call";

const root = path.resolve(import.meta.dirname, "../..");

/** A port that was free a moment ago: a restarted server must come back on the same one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port to be had");
  return address.port;
}

/** The environment of a person who just logged in, with an empty home and none of this runner's own variables. */
function loginEnvironment(home: string): NodeJS.ProcessEnv {
  const { PATH, LANG, TMPDIR, USER, LOGNAME } = process.env;
  const names = { USER: USER ?? os.userInfo().username, LOGNAME: LOGNAME ?? os.userInfo().username };
  const environment: Partial<NodeJS.ProcessEnv> = { PATH, LANG: LANG ?? "C.UTF-8", TMPDIR, ...names };
  // Next's types want a NODE_ENV in every environment; a login has none.
  return { ...environment, HOME: home, SHELL: "/bin/bash" } as NodeJS.ProcessEnv;
}

/** The real program, started as `npm start` starts it, on a data directory and a home of its own. */
export class Program {
  #child: ChildProcess | null = null;
  /** The sign-in link that the last start printed. */
  link = "";
  /** Everything it printed on stderr, newest last, at most 2,000 lines. */
  readonly log: string[] = [];

  private constructor(
    readonly dataDir: string,
    readonly home: string,
    readonly port: number,
    readonly env: Record<string, string>,
  ) {}

  /** `parent` is where its home is made: another file system, for what disks do. */
  static async create(env: Record<string, string> = {}, parent = os.tmpdir()): Promise<Program> {
    const home = mkdtempSync(path.join(parent, "trellis-home-"));
    const program = new Program(path.join(home, "data"), home, await freePort(), env);
    await program.start();
    return program;
  }

  #environment(): NodeJS.ProcessEnv {
    const own = { TRELLIS_DATA_DIR: this.dataDir, TRELLIS_PORT: String(this.port) };
    return { ...loginEnvironment(this.home), ...own, ...this.env };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get token(): string {
    return readFileSync(path.join(this.dataDir, "token"), "utf8").trim();
  }

  get pid(): number {
    const pid = this.#child?.pid;
    if (pid === undefined) throw new Error("the program is not running");
    return pid;
  }

  /** Resolves with the printed sign-in link once it is ready. */
  async start(): Promise<string> {
    const child = spawn(process.execPath, ["scripts/start.mjs"], {
      cwd: root,
      env: this.#environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    createInterface({ input: child.stderr }).on("line", (line) => {
      this.log.push(line);
      if (this.log.length > 2_000) this.log.shift();
    });
    return new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        const link = /^Trellis is ready: (\S+)$/.exec(line)?.[1];
        if (!link) return;
        this.link = link;
        resolve(link);
      });
      child.once("exit", (code, signal) =>
        reject(new Error(`it ended with ${code ?? signal}:\n${this.log.join("\n")}`)),
      );
    });
  }

  /** What `npm run sign-in` prints: a fresh link, good once. */
  async signInLink(): Promise<string> {
    const child = spawn(process.execPath, ["scripts/sign-in.mjs"], {
      cwd: root,
      env: this.#environment(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    await once(child, "close");
    const link = /http\S+#\S+/.exec(printed)?.[0];
    if (!link) throw new Error(`no link in ${JSON.stringify(printed)}`);
    return link;
  }

  /** As a crash: nothing is drained. Programs in terminals go on in the holder. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = null;
    child.removeAllListeners("exit");
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** SIGTERM, and its exit code. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (!child) return null;
    this.#child = null;
    if (child.exitCode !== null) return child.exitCode;
    child.removeAllListeners("exit");
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const [code] = await gone;
    return code;
  }

  /** Ends the server, the holder and all that runs in it, and removes the data. */
  async destroy(): Promise<void> {
    await this.stop();
    const env = this.#environment();
    const stopAll = spawn(process.execPath, ["scripts/stop-all.mjs"], { cwd: root, env, stdio: "ignore" });
    await once(stopAll, "exit");
    rmSync(this.home, { recursive: true, force: true });
  }

  /** A call of the API with the token of scripts; throws with the server's words on anything but success. */
  async api<T>(method: string, where: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${where}`, {
      method,
      headers: {
        ...ofItsOwn,
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${text}`);
    return text === "" ? (undefined as T) : (JSON.parse(text) as T);
  }
}
