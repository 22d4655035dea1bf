// node sink.mjs <bytes>: reads so many bytes, then prints their SHA-256. Says `ready` once it reads.
import { createHash } from "node:crypto";

const wanted = Number(process.argv[2]);
const hash = createHash("sha256");
let taken = 0;
process.stdin.on("data", (bytes) => {
  hash.update(bytes);
  taken += bytes.length;
  if (taken < wanted) return;
  process.stdout.write(`took ${taken} ${hash.digest("hex")}\r\n`, () => process.exit(0));
});
process.stdout.write("ready\r\n");
