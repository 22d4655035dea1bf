// `npm run backup -- <folder, or file.tar.gz>`: asks the built program, which knows its settings.
import { existsSync } from "node:fs";
import path from "node:path";

const [place] = process.argv.slice(2);
if (!place) {
  process.stderr.write("usage: npm run backup -- <a folder, or a file that ends with .tar.gz>\n");
  process.exit(2);
}
const program = new URL("../dist/server.mjs", import.meta.url);
if (!existsSync(program)) {
  process.stderr.write("Trellis was never built here: `npm start` does it.\n");
  process.exit(1);
}
process.env.NODE_ENV = "production";
// npm runs scripts in the package's folder; a path is meant from where the person stands.
const resolved = path.resolve(process.env.INIT_CWD ?? process.cwd(), place);
process.argv.push("--backup", resolved);
await import(program.href);
