// `npm run test:faults [-- <count> [<seed>]]`: 1,000 seeded faults against the terminals of the real program, and a fifth
// as many over a cluster where KUBECONFIG names one.
import { spawnSync } from "node:child_process";
import path from "node:path";

const [count = "1000", seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const overExec = String(Math.ceil(Number(count) / 5));
const env = {
  ...process.env,
  TRELLIS_FAULTS: count,
  TRELLIS_KUBERNETES_FAULTS: overExec,
  TRELLIS_FAULT_SEED: seed,
};
const cwd = path.resolve(import.meta.dirname, "..");
const run = (command, args) => spawnSync(command, args, { cwd, stdio: "inherit", env }).status ?? 1;
process.exitCode =
  run(process.execPath, ["scripts/build.mjs"]) ||
  run("npx", ["--no-install", "playwright", "test", "e2e/faults.spec.ts", "e2e/kubernetes-faults.spec.ts"]);
