// `npm start`: builds what is stale, then the server, in this process.
import { buildStale } from "./build.mjs";

try {
  await buildStale();
} catch (error) {
  process.stderr.write(`${error.message}\nTrellis could not be built.\n`);
  process.exit(1);
}
process.env.NODE_ENV = "production";
await import("../dist/server.mjs");
