// `npm run bench [-- <part> …]`: parts are start, echo, interrupt, flood, resume, reload, session, memory, flood-memory,
// pulls (on Gitea too where FORGE_URL, FORGE_USER and FORGE_TOKEN are set),
// and pod-echo, pod-flood, pod-resume, pod-session, pod-idle, which need a cluster (KUBECONFIG, TRELLIS_TEST_WORKSPACE_IMAGE).
import { spawnSync } from "node:child_process";
import path from "node:path";
import { findChromium } from "./chromium.mjs";

const cwd = path.resolve(import.meta.dirname, "..");
const env = { ...process.env, CHROMIUM_PATH: findChromium({ install: false }).path ?? "" };
const run = (command, args) => spawnSync(command, args, { cwd, stdio: "inherit", env }).status ?? 1;
process.exitCode =
  run(process.execPath, ["scripts/build.mjs"]) ||
  run("npx", ["--no-install", "tsx", "bench/main.ts", ...process.argv.slice(2)]);
