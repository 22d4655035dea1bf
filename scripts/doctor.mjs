// `npm run doctor`: asks the built program, which knows its settings.
import { existsSync } from "node:fs";

const program = new URL("../dist/server.mjs", import.meta.url);
if (!existsSync(program)) {
  process.stderr.write("Trellis was never built here: `npm start` does it.\n");
  process.exit(1);
}
process.env.NODE_ENV = "production";
process.argv.push("--doctor");
await import(program.href);
