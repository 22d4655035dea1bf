// The house rules, all of them: `npm run check`. Prints every fault; exits 1 when there is one.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { checkInvariants } from "./invariants.mjs";
import { checkLock } from "./lock.mjs";
import { checkProse } from "./prose.mjs";
import { checkBiome, checkPureTypes, checkRooms, checkTypes, checkUnused } from "./tools.mjs";
import { checkWalls } from "./walls.mjs";

const root = path.resolve(import.meta.dirname, "../..");

function checkMigrations() {
  const result = spawnSync(process.execPath, ["prisma/db.mjs", "check"], { cwd: root, encoding: "utf8" });
  return { faults: result.status === 0 ? [] : [`${result.stdout}${result.stderr}`], seen: 2 };
}

const checks = {
  lock: checkLock,
  "format and lint": checkBiome,
  types: checkTypes,
  "pure rooms": checkPureTypes,
  "rooms and cycles": checkRooms,
  unused: checkUnused,
  walls: checkWalls,
  prose: checkProse,
  invariants: checkInvariants,
  migrations: checkMigrations,
};

let failures = 0;
for (const [name, check] of Object.entries(checks)) {
  const { faults, seen, figures } = check(root);
  console.log(`${faults.length === 0 ? "ok  " : "FAIL"} ${name}: ${seen} seen${figures ? `; ${figures}` : ""}`);
  for (const fault of faults) console.log(`     ${fault.replaceAll("\n", "\n     ")}`);
  failures += faults.length;
}
process.exitCode = failures === 0 ? 0 : 1;
