import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { buildHolder } from "../../../scripts/build-holder.mjs";
import { type LocalHost, openLocalHost } from "../local/local-host";
import { loginEnvironment } from "../local/login-environment";
import { quietLog } from "./link-fixture";

/** A data directory with the real holder, built from the sources as they are. Whatever a test leaves, `close` ends. */
export async function openLocalFixture() {
  const root = await realpath(await mkdtemp(join(tmpdir(), "trellis-local-")));
  const bundleDir = join(root, "bundle");
  await buildHolder(bundleDir);
  const dataDir = join(root, "data");
  const environment = loginEnvironment({ LANG: "C.UTF-8", XDG_RUNTIME_DIR: root }, { ...userInfo(), shell: "/bin/sh" });
  const abort = new AbortController();
  const opened: LocalHost[] = [];
  let serverNumber = 0;

  const open = async (options: { bundleDir?: string; dataDir?: string; serverNumber?: number } = {}) => {
    serverNumber = Math.max(serverNumber + 1, options.serverNumber ?? 0);
    const local = await openLocalHost({
      ...{ dataDir, bundleDir, environment, serverNumber, log: quietLog, signal: abort.signal },
      terminalLogBytes: 64 * 1024 * 1024,
      ...options,
    });
    opened.push(local);
    return local;
  };
  return {
    ...{ root, dataDir, bundleDir, open },
    socket: join(dataDir, "holder", "holder.sock"),
    /** Of the holder that runs, by its lock. */
    async holderPid(): Promise<number> {
      const directory = join(dataDir, "holder", "state");
      const [lock = ""] = (await readdir(directory)).filter((name) => /^lock-[0-9]+$/.test(name));
      return JSON.parse(await readFile(join(directory, lock), "utf8")).pid;
    },
    async version() {
      return (await readFile(join(bundleDir, "version"), "utf8")).trim();
    },
    async close() {
      for (const local of opened) await local.close();
      const last = await open();
      await last.shutdown(500);
      abort.abort();
      await rm(root, { recursive: true, force: true });
    },
  };
}
