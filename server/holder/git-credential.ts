import { createConnection } from "node:net";
import { text } from "node:stream/consumers";

/**
 * `git-credential.mjs <socket> <repository> get`, as git calls it on this machine. It keeps nothing with us: `store` and
 * `erase` have nothing to do.
 */
const [path = "", repository = "", verb] = process.argv.slice(2);
if (verb === "get") {
  const asked = await text(process.stdin);
  const socket = createConnection(path);
  socket.on("error", (error) => {
    process.stderr.write(`trellis: no credential: the holder does not answer: ${error.message}\n`);
    process.exitCode = 1;
  });
  socket.end(`op=get\nrepository=${repository}\n${asked}\n`);
  socket.pipe(process.stdout);
}
