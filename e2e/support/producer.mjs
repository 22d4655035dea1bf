// node producer.mjs <seed> <file> <pause ms>: prints seeded random bytes once <file>.go is there, until <file>.stop is.
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { producedChunks } from "./random.mjs";

const [seed, file, pauseMs] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
while (!existsSync(`${file}.go`)) await sleep(20);
for (const chunk of producedChunks(seed)) {
  if (existsSync(`${file}.stop`)) break;
  await new Promise((resolve) => process.stdout.write(chunk, resolve));
  await sleep(pauseMs);
}
