// Builds what is stale: a part is rebuilt when the content it is made from changed since it was last built.
// Everything that is said goes to stderr: stdout of `npm start` is for its one line.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { alone } from "./build-lock.mjs";
import { collectScriptHashes } from "./csp-hashes.mjs";

const root = path.resolve(import.meta.dirname, "..");
const dist = path.join(root, "dist");
const pages = path.join(dist, "pages");
/** Builds of the pages that are kept: a server that still runs uses one of them. */
const keptPages = 4;
const stampFile = path.join(dist, "stamps.json");
const say = (text) => process.stderr.write(`${text}\n`);

/** `inputs` are files and folders; `outputs` must exist for a part to count as built. */
const parts = {
  database: {
    inputs: ["prisma/schema.prisma", "prisma/db.mjs", "prisma.config.ts", "package-lock.json"],
    outputs: ["server/store/generated/sqlite", "server/store/generated/postgresql"],
    build: () => node("prisma/db.mjs", "generate"),
  },
  holder: {
    inputs: [
      "server/holder",
      "server/protocol",
      "server/kit",
      "server/domain",
      "scripts/build-holder.mjs",
      "package-lock.json",
    ],
    outputs: ["dist/holder/version"],
    build: () => node("scripts/build-holder.mjs"),
  },
  server: {
    inputs: ["server", "prisma/schema.prisma", "scripts/build.mjs", "package-lock.json"],
    outputs: ["dist/server.mjs"],
    after: "database",
    build: bundleServer,
  },
  pages: {
    inputs: [
      ...["app", "components", "server/protocol", "server/domain", "public", "next.config.mjs", "postcss.config.mjs"],
      ...["tsconfig.json", "scripts/build.mjs", "scripts/csp-hashes.mjs", "package-lock.json"],
    ],
    outputs: ["dist/pages/current"],
    build: buildPages,
  },
};

/** Resolves with the names of the parts that were built. */
export async function buildStale() {
  if (findStale(await readStamps()).length === 0) return [];
  await mkdir(dist, { recursive: true });
  return alone(path.join(dist, "building.lock"), build, () => say("Waiting for another build of this checkout…"));
}

function findStale(stamps) {
  const stale = [];
  const digests = new Map();
  for (const [name, part] of Object.entries(parts)) {
    const stamp = stampOf(part.inputs, digests);
    if (stamps[name] !== stamp || !part.outputs.every((output) => existsSync(path.join(root, output))))
      stale.push({ name, part, stamp });
  }
  return stale;
}

async function build() {
  const stamps = await readStamps();
  const stale = findStale(stamps);
  if (stale.length === 0) return [];
  say(`Building ${stale.map(({ name }) => name).join(", ")} (once; the first time takes a minute)…`);
  const started = new Map();
  for (const { name, part, stamp } of stale) {
    const buildPart = async () => {
      await started.get(part.after);
      const startedAt = performance.now();
      await part.build(stamp);
      stamps[name] = stamp;
      await writeFile(stampFile, JSON.stringify(stamps, null, 2));
      say(`  ${name}: ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    };
    started.set(name, buildPart());
  }
  const failed = (await Promise.allSettled(started.values())).find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
  return stale.map(({ name }) => name);
}

async function readStamps() {
  try {
    return JSON.parse(await readFile(stampFile, "utf8"));
  } catch {
    // Nothing was built here yet, or a build was cut off: all is stale.
    return {};
  }
}

/**
 * Tests are no part of what is built. Read at once rather than by turns of the loop: each start waits for it, and a
 * thousand small files take a tenth of the time so. A file of several parts is read once.
 */
function stampOf(inputs, digests) {
  const hash = createHash("sha256").update(process.version);
  for (const file of inputs.flatMap(filesIn)) {
    if (/\.(test|contract)\.tsx?$|\/testing\//.test(file)) continue;
    if (!digests.has(file))
      digests.set(
        file,
        createHash("sha256")
          .update(readFileSync(path.join(root, file)))
          .digest(),
      );
    hash.update(`${file}\0`).update(digests.get(file));
  }
  return hash.digest("hex");
}

function filesIn(input) {
  const place = path.join(root, input);
  if (!existsSync(place)) return [];
  if (!statSync(place).isDirectory()) return [input];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith("server/store/generated/"))
    .sort();
}

async function bundleServer() {
  const { build } = await import("esbuild");
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["server/main.ts"],
    outdir: "dist",
    entryNames: "server",
    outExtension: { ".js": ".mjs" },
    chunkNames: "server-[name]-[hash]",
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
  });
  // Chunks carry their content's hash: those of earlier builds would pile up.
  for (const name of await readdir(dist))
    if (name.startsWith("server-") && !(`dist/${name}` in metafile.outputs)) await rm(path.join(dist, name));
}

/** Each build in a folder of its own, complete before it is named: a server that runs keeps the one it began with. */
async function buildPages(stamp) {
  await node(path.join(root, "node_modules", "next", "dist", "bin", "next"), "build");
  const name = stamp.slice(0, 12);
  const [from, to] = [path.join(root, ".next"), path.join(pages, name)];
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true, filter: (file) => !/\.next\/(cache|types|dev|trace)/.test(file) });
  const hashes = await collectScriptHashes(path.join(to, "server", "app"));
  await writeFile(path.join(to, "csp.json"), JSON.stringify(hashes, null, 2));
  await writeFile(path.join(pages, "current.draft"), name);
  await rename(path.join(pages, "current.draft"), path.join(pages, "current"));
  await removeOldPages();
}

async function removeOldPages() {
  const folders = (await readdir(pages, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const aged = await Promise.all(
    folders.map(async ({ name }) => ({ name, madeAt: (await stat(path.join(pages, name))).mtimeMs })),
  );
  for (const { name } of aged.sort((a, b) => b.madeAt - a.madeAt).slice(keptPages))
    await rm(path.join(pages, name), { recursive: true, force: true });
}

/** Rejects with all that it printed when it fails. */
function node(...args) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`node ${args.join(" ")} failed:\n${output}`));
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  try {
    const built = await buildStale();
    say(built.length === 0 ? "Nothing is stale." : "Built.");
  } catch (error) {
    say(error.message);
    process.exit(1);
  }
}
