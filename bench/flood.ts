import { createHash } from "node:crypto";
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { rawThroughput } from "./raw-pty";
import type { Subject } from "./subject";
import type { Row } from "./table";

export const bytes = 200_000_000;

/** Coloured text in lines of some 80 columns, as a build prints it. */
export function textBlock(): string {
  return Array.from({ length: 1000 }, (_, at) => {
    const word = createHash("sha1").update(String(at)).digest("hex");
    return `\x1b[3${at % 8}m${word}\x1b[0m compiling module number ${at} of many\n`;
  }).join("");
}

function writeText(file: string): void {
  const block = Buffer.from(textBlock());
  const out = openSync(file, "w");
  for (let written = 0; written < bytes; written += block.length) {
    writeSync(out, block, 0, Math.min(block.length, bytes - written));
  }
  closeSync(out);
}

/** MB/s of `cat` of a file where the session is, into a client that drains. */
export async function throughput(subject: Subject, file: string): Promise<number> {
  const client = await subject.terminal(["sh", "-c", 'stty -echo; printf R; read -r go; exec cat "$0"', file]);
  await client.until("the shell", (it) => it.tail.includes("R"));
  const started = performance.now();
  client.type("\n");
  await client.until("the end", (it) => it.exit !== null && it.offset === it.exit.offset, 120_000);
  client.close();
  return client.offset / 1e6 / ((performance.now() - started) / 1000);
}

export async function benchFlood(subject: Subject): Promise<Row[]> {
  const file = path.join(os.tmpdir(), `trellis-bench-${process.pid}.txt`);
  writeText(file);
  const raw: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < 3; round++) {
    raw.push(await rawThroughput(file, bytes));
    ours.push(await throughput(subject, file));
  }
  rmSync(file);
  const best = { raw: Math.max(...raw), ours: Math.max(...ours) };
  const ratio = best.ours / best.raw;
  const judged = os.availableParallelism() >= 4;
  return [
    {
      what: "cat of 200 MB to a draining client, emulator on",
      ours: `${best.ours.toFixed(1)} MB/s`,
      against: `raw PTY ${best.raw.toFixed(1)} MB/s`,
      result: `${ratio.toFixed(2)} ×`,
      target: "≥ 0.8 × on 4 cores and more",
      met: judged ? ratio >= 0.8 : null,
    },
  ];
}
