import { userInfo } from "node:os";
import path from "node:path";
import { format } from "node:util";
import { setFlagsFromString } from "node:v8";
import { compose } from "./compose";
import { askSignInLink } from "./compose/ask-sign-in-link";
import type { ComposeOptions } from "./compose/compose-options";
import { doctor } from "./compose/doctor/doctor";
import { stopAll } from "./compose/stop-all";
import { type Config, readConfig } from "./config";
import { AppError } from "./domain/app-error";
import { openNextPages } from "./gateway/next-pages";
import { openKubernetesHosts } from "./hosts/kubernetes/open-kubernetes-hosts";
import { openLocalHost } from "./hosts/local/local-host";
import { loginEnvironment } from "./hosts/local/login-environment";
import { createJsonLog } from "./kit/json-log";
import type { Log } from "./kit/log";
import { backUp } from "./store/back-up";
import { openStore } from "./store/open-store";

/** Below the pod's grace period, above what a drain may take. */
const exitMs = 9_500;

// Prisma's query compiler is WebAssembly: optimising it again in the background takes 75 MB and saves microseconds.
setFlagsFromString("--liftoff-only");

// Nothing of a person's machine is told to anyone: Next would.
process.env.NEXT_TELEMETRY_DISABLED = "1";

async function main(): Promise<void> {
  const reading = readConfig(process.env);
  if (!reading.ok) {
    process.stderr.write(`Trellis cannot start:\n${reading.problems.map((problem) => `  ${problem}\n`).join("")}`);
    process.exitCode = 1;
    return;
  }
  const { config } = reading;
  const log = await createJsonLog(config.logLevel);
  // Next speaks by the console: stdout is for the one line alone, and stderr, but for a developer's, for lines of the log.
  if (config.dev) Object.assign(console, { log: console.error, info: console.error });
  else logConsole(log);
  logCrashes(log);
  const environment = loginEnvironment(process.env, userInfo());
  // Of the bundle in `dist`, and of this file in `server`, alike.
  const root = path.resolve(import.meta.dirname, "..");
  const stop = new AbortController();
  const adapters = { openStore, openLocalHost, openKubernetesHosts, openPages: openNextPages };
  const options: ComposeOptions = { environment, root, log, signal: stop.signal, adapters };
  if (process.argv.includes("--stop-all")) return stopAll(config, options);
  if (process.argv.includes("--doctor")) {
    const { text, isWell } = await doctor(config, options);
    process.stdout.write(text);
    process.exitCode = isWell ? 0 : 1;
    return;
  }
  if (process.argv.includes("--sign-in")) {
    process.stdout.write(`${await askSignInLink(config.dataDir)}\n`);
    return;
  }
  const place = process.argv[process.argv.indexOf("--backup") + 1];
  if (process.argv.includes("--backup")) {
    if (!place) throw new AppError("invalid", "--backup needs a place: a folder, or a file that ends with .tar.gz");
    const { databaseUrl, dataDir } = config;
    process.stdout.write(
      `${await backUp({ databaseUrl, dataDir, place, environment: process.env, now: new Date() })}\n`,
    );
    return;
  }
  await serve(config, options, stop);
}

/** Until it is told to end, or must. */
async function serve(config: Config, options: ComposeOptions, stop: AbortController): Promise<void> {
  const { log } = options;
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort(`${signal} came`));
  const stopped = new Promise<string>((resolve) => {
    stop.signal.addEventListener("abort", () => {
      exitLate(log);
      resolve(String(stop.signal.reason));
    });
  });
  const server = await compose(config, options).catch((error: unknown) => {
    if (stop.signal.aborted) return null; // told to end while it started: drained already
    if (!AppError.is(error)) log.error("the start failed", { error });
    throw error;
  });
  if (!server) return;
  const link = config.signInLink ? await server.makeSignInLink() : `${server.url}/sign-in`;
  process.stdout.write(`Trellis is ready: ${link}\n`);
  log.info("ready", { url: server.url, pid: process.pid, seconds: Math.round(performance.now()) / 1000 });

  const lost = server.mustStop.then((reason) => {
    log.error("the server must stop", { reason });
    process.exitCode = 1;
    exitLate(log);
    return reason;
  });
  log.info("stopping", { reason: await Promise.race([stopped, lost]) });
  await server.close().then(
    () => log.info("stopped"),
    (error: unknown) => {
      log.error("the stop was not clean", { error });
      process.exitCode = 1;
    },
  );
}

function logConsole(log: Log): void {
  const to =
    (level: "debug" | "warn" | "error") =>
    (...words: unknown[]) =>
      log[level]("said by a library", { text: format(...words) });
  Object.assign(console, {
    log: to("debug"),
    info: to("debug"),
    debug: to("debug"),
    warn: to("warn"),
    error: to("error"),
  });
}

/** A drain has its own deadline; this is for what neither ends nor lets the process end. */
function exitLate(log: Log): void {
  setTimeout(() => {
    log.error("the stop took too long: what is left is cut off");
    process.exit(1);
  }, exitMs).unref();
}

/** After either, nothing is certain: programs are in the holder, rows in the database, and a fresh start carries on. */
function logCrashes(log: Log): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const)
    process.on(event, (error: unknown) => {
      log.error("the server crashed", { event, error });
      process.exit(1);
    });
}

const isStart = !["--sign-in", "--stop-all", "--backup", "--doctor"].some((flag) => process.argv.includes(flag));

main().then(
  // Next keeps the process alive in development after it was closed.
  () => process.exit(),
  (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${isStart ? "Trellis cannot start: " : ""}${why}\n`);
    process.exit(1);
  },
);
