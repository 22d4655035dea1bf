// node deploy/trellis/collect-files.mjs <folder>: copies what the built program reads into it, and nothing else.
// All packages are over 1 GB, for the tools that build count as optional parts of what runs; what is read is 30 MB.
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
const [target] = process.argv.slice(2);
if (!target) {
  process.stderr.write("usage: node deploy/trellis/collect-files.mjs <folder>\n");
  process.exit(2);
}

/** The largest of what Next names and a server of built pages never loads: the compiler, images, React for developers. */
const never = /\.map$|\.runtime\.dev\.js$|-experimental\.runtime|node_modules\/(@next\/swc|@img|sharp)[-/]/;

const commands = ["sign-in", "stop-all", "backup", "doctor"].map((name) => `scripts/${name}.mjs`);
/** Next looks for these by name whenever it reads its settings, and stops where one is missing. */
const looked = ["webpack", "@babel/runtime"].map((name) => `node_modules/next/dist/compiled/${name}`);
const folders = ["dist/holder", "dist/pages", "prisma/migrations", "public", ...looked];
const files = ["package.json", "next.config.mjs", ...commands.filter((file) => existsSync(path.join(root, file)))];

/** What the build says of each page: packages that Next loads beside a page's own chunks. */
function filesOfPages() {
  const pages = path.join(root, "dist/pages", readFileSync(path.join(root, "dist/pages/current"), "utf8").trim());
  const lists = readdirSync(pages, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".nft.json"));
  // Written where Next built them, and relative to that: the pages were moved afterwards.
  return lists.flatMap((name) =>
    JSON.parse(readFileSync(path.join(pages, name), "utf8")).files.map((file) =>
      path.relative(root, path.resolve(root, ".next", path.dirname(name), file)),
    ),
  );
}

/** Chunks are reached from `dist/server.mjs`; what is imported by a computed name is not seen by this. */
async function tracedFiles() {
  // Next carries the tracer that it makes its own images with; `output: standalone` knows only Next's server, not ours.
  const { nodeFileTrace } = createRequire(path.join(root, "package.json"))("next/dist/compiled/@vercel/nft");
  const entries = ["dist/server.mjs", "next.config.mjs"].map((file) => path.join(root, file));
  const { fileList } = await nodeFileTrace(entries, {
    base: root,
    analysis: false,
    // As Node itself chooses among what a package exports.
    conditions: ["node", "module-sync"],
    ignore: (file) => never.test(file),
  });
  const needed = filesOfPages().filter((file) => file.startsWith("node_modules/") && !never.test(file));
  return [...new Set([...fileList, ...needed])].filter((file) => lstatSync(path.join(root, file)).isFile());
}

/** SQLite's native module is looked for by platform when it is loaded. */
function nativeFiles() {
  const prebuilt = `node_modules/@photostructure/sqlite/prebuilds/${process.platform}-${process.arch}`;
  return readdirSync(path.join(root, prebuilt))
    .filter((name) => name.includes("glibc"))
    .map((name) => path.join(prebuilt, name));
}

const traced = await tracedFiles();
if (!traced.includes("dist/server.mjs")) throw new Error("dist/server.mjs is not built: `npm run build` does it");
for (const file of [...traced, ...nativeFiles(), ...files, ...folders]) {
  const to = path.join(target, file);
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(path.join(root, file), to, { recursive: true, dereference: true });
}
process.stdout.write(`${traced.length} files traced\n`);
