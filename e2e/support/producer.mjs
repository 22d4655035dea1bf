// node producer.mjs <seed> <stop file> <pause ms>: prints seeded random bytes until the stop file is there.
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { producedChunks } from "./random.mjs";

const [seed, stopFile, pauseMs] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
for (const chunk of producedChunks(seed)) {
  if (existsSync(stopFile)) break;
  await new Promise((resolve) => process.stdout.write(chunk, resolve));
  await sleep(pauseMs);
}
