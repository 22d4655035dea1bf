import { spawnSync } from "node:child_process";
import { isScript, listFiles } from "./sources.mjs";

function run(root, command, args) {
  const result = spawnSync("npx", ["--no-install", command, ...args], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: result.status, out: result.stdout ?? "", all: `${result.stdout ?? ""}${result.stderr ?? ""}`.trim() };
}

const failed = (result) => (result.code === 0 ? [] : [result.all]);

/** Formatting and lint. A tool that saw fewer scripts than there are is a fault of its own. */
export function checkBiome(root) {
  const result = run(root, "biome", ["ci", "--colors=off", "--max-diagnostics=40"]);
  const seen = Number(/Checked (\d+) file/.exec(result.all)?.[1] ?? 0);
  const scripts = listFiles(root).filter(isScript).length;
  return { faults: [...failed(result), ...tooFew("biome", seen, scripts)], seen };
}

export function checkTypes(root) {
  const result = run(root, "tsc", ["--noEmit", "-p", ".", "--listFiles"]);
  const listed = result.out.split("\n").filter((line) => line.startsWith(root) && !line.includes("node_modules"));
  const own = listFiles(root).filter((file) => /^(app|components|server|e2e|bench)\/.*\.tsx?$/.test(file));
  const errors = result.all.split("\n").filter((line) => line.includes("error TS"));
  return { faults: [...errors, ...tooFew("tsc", listed.length, own.length)], seen: listed.length };
}

/** The pure rooms compile without node and without a DOM. */
export function checkPureTypes(root) {
  const result = run(root, "tsc", ["-p", "server/tsconfig.pure.json", "--listFiles"]);
  const seen = result.out.split("\n").filter((line) => /server\/(domain|protocol)\//.test(line)).length;
  return { faults: [...failed(result), ...tooFew("tsc (pure)", seen, 10)], seen };
}

/** Room arrows and cycles, types counted. */
export function checkRooms(root) {
  const result = run(root, "depcruise", ["app", "components", "server", "e2e", "--output-type", "err"]);
  const seen = Number(/\((\d+) modules/.exec(result.all)?.[1] ?? 0);
  const own = listFiles(root).filter((file) => /^(app|components|server|e2e)\/.*\.tsx?$/.test(file)).length;
  return { faults: [...failed(result), ...tooFew("dependency-cruiser", seen, own)], seen };
}

/** Unused files, exports and dependencies. */
export function checkUnused(root) {
  return { faults: failed(run(root, "knip", ["--no-progress"])), seen: 1 };
}

function tooFew(tool, seen, least) {
  return seen >= least ? [] : [`${tool} saw ${seen} files; there are ${least}: it checked nothing`];
}
