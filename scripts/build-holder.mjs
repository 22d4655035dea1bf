import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const entries = {
  holder: "server/holder/main.ts",
  "emulator-worker": "server/holder/emulator-worker.ts",
  "git-credential": "server/holder/git-credential.ts",
};

/**
 * Makes the holder's program in `outDir`: it runs from any copy of that folder with nothing else of the checkout.
 * The native module keeps its package folder, where its loader (and the spawn helper of macOS) looks for it.
 *
 * @param {string} outDir emptied first
 * @returns {Promise<{ version: string }>} the hash of all its contents, as `version` holds it too
 */
export async function buildHolder(outDir = join(root, "dist/holder")) {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: outDir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["@lydell/node-pty"],
    legalComments: "none",
    logLevel: "warning",
    // Packages in CommonJS ask for node's own modules by `require`.
    banner: {
      js: 'import { createRequire as nodeRequire } from "node:module";\nconst require = nodeRequire(import.meta.url);',
    },
  });
  copyNative(outDir);
  const version = hashOf(outDir);
  writeFileSync(join(outDir, "version"), `${version}\n`);
  return { version };
}

/** @param {string} outDir */
function copyNative(outDir) {
  const require = createRequire(join(root, "package.json"));
  const own = dirname(require.resolve("@lydell/node-pty"));
  const platform = `@lydell/node-pty-${process.platform}-${process.arch}`;
  const native = dirname(createRequire(join(own, "index.js")).resolve(`${platform}/package.json`));
  for (const [name, from] of [
    ["@lydell/node-pty", own],
    [platform, native],
  ]) {
    cpSync(from, join(outDir, "node_modules", name), { recursive: true, dereference: true });
  }
}

/** @param {string} dir */
function hashOf(dir) {
  const hash = createHash("sha256");
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" }).sort()) {
    const path = join(dir, name);
    const { mode } = statSync(path);
    if (!statSync(path).isFile()) continue;
    const bytes = readFileSync(path);
    hash.update(`${name}\0${mode & 0o111 ? "x" : "-"}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex").slice(0, 12);
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { version } = await buildHolder(process.argv[2]);
  process.stdout.write(`holder ${version}\n`);
}
