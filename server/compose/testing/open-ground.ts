import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { buildHolder } from "../../../scripts/build-holder.mjs";
import { compose, type RunningServer } from "../../compose";
import { type Config, readConfig } from "../../config";
import type { Pages } from "../../gateway/pages";
import { openKubernetesHosts } from "../../hosts/kubernetes/open-kubernetes-hosts";
import { type LocalHost, openLocalHost } from "../../hosts/local/local-host";
import { loginEnvironment } from "../../hosts/local/login-environment";
import type { Log } from "../../kit/log";
import { openStore } from "../../store/open-store";
import type { ComposeOptions } from "../compose-options";

const root = path.resolve(import.meta.dirname, "../../..");
const run = promisify(execFile);

const noPages: Pages = {
  handle: async (_, response) => {
    response.end("a page");
  },
  upgrade: null,
  scriptSources: () => [],
  close: async () => {},
};

export type TestGround = Awaited<ReturnType<typeof openTestGround>>;

/** A data directory, the real holder and a git repository: servers are composed on it one after another. */
export async function openTestGround() {
  const place = await realpath(await mkdtemp(path.join(tmpdir(), "trellis-compose-")));
  const dataDir = path.join(place, "data");
  const bundleDir = path.join(place, "bundle");
  await buildHolder(bundleDir);
  const home = { HOME: place, LANG: "C.UTF-8", PATH: process.env.PATH };
  const environment = loginEnvironment(home, { ...userInfo(), homedir: place, shell: "/bin/sh" });
  /** What was opened and closed, in order, and every error that was logged. */
  const happened: string[] = [];
  const errors: { message: string; fields: Record<string, unknown> | undefined }[] = [];
  const running: RunningServer[] = [];
  let host: LocalHost | null = null;

  const adapters: ComposeOptions["adapters"] = {
    openPages: async () => ({ ...noPages, close: async () => void happened.push("pages closed") }),
    async openStore(options) {
      const store = await openStore(options);
      return { ...store, close: () => store.close().then(() => void happened.push("store closed")) };
    },
    openKubernetesHosts,
    async openLocalHost(options) {
      const local = await openLocalHost({ ...options, bundleDir });
      host = local;
      return { ...local, close: () => local.close().then(() => void happened.push("host closed")) };
    },
  };
  const options: ComposeOptions = {
    ...{ environment, root, adapters, signal: new AbortController().signal },
    log: collect(errors),
  };
  const config = (change: Partial<Config> = {}): Config => {
    const reading = readConfig({ TRELLIS_DATA_DIR: dataDir, TRELLIS_PORT: "0" });
    if (!reading.ok) throw new Error(reading.problems.join("; "));
    return { ...reading.config, ...change };
  };
  return {
    ...{ place, dataDir, happened, errors, config, options },
    async start(change: Partial<Config> = {}, changed: Partial<ComposeOptions> = {}): Promise<RunningServer> {
      const server = await compose(config(change), { ...options, ...changed });
      running.push(server);
      return server;
    },
    /** A repository with one commit on `main`; gives its path. */
    async makeOrigin(): Promise<string> {
      const origin = path.join(place, "origin");
      const git = (...args: string[]) =>
        run("git", args, { env: { ...environment, GIT_CONFIG_NOSYSTEM: "1" } as unknown as NodeJS.ProcessEnv });
      await git("init", "--quiet", "--initial-branch=main", origin);
      const who = ["-c", "user.name=Eve", "-c", "user.email=eve@trellis.test"];
      await git("-C", origin, ...who, "commit", "--quiet", "--allow-empty", "-m", "first");
      return origin;
    },
    async close(): Promise<void> {
      for (const server of running) await server.close();
      if (host) {
        const lease = { serverNumber: Number.MAX_SAFE_INTEGER, terminalLogBytes: 1024 * 1024 };
        const last = { ...lease, dataDir, bundleDir, environment, log: options.log, signal: options.signal };
        await (await openLocalHost(last)).shutdown(500);
      }
      await rm(place, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function collect(errors: { message: string; fields: Record<string, unknown> | undefined }[]): Log {
  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error: (message, fields) => void errors.push({ message, fields }),
    child: () => log,
  };
  return log;
}
