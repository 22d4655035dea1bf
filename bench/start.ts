import { setTimeout as sleep } from "node:timers/promises";
import { Program } from "../e2e/support/program";
import { residentBytes } from "./subject";
import { ms, quantile, type Row } from "./table";

/** From the start of the process to the printed link, of a server that is built, and its memory when idle. */
export async function benchStart(): Promise<Row[]> {
  const times: number[] = [];
  const program = await Program.create({ TRELLIS_LOG_LEVEL: "warn" });
  for (let at = 0; at < 5; at++) {
    await program.stop();
    const started = performance.now();
    await program.start();
    times.push(performance.now() - started);
  }
  await sleep(3000);
  const memory = residentBytes(program.pid);
  await program.destroy();
  return [
    {
      what: "server ready",
      ours: times.map(ms).join(", "),
      against: "",
      result: `median ${ms(quantile(times, 0.5))}`,
      target: "≤ 1 s",
      met: quantile(times, 0.5) <= 1000,
    },
    {
      what: "server memory, idle",
      ours: `${(memory / 1e6).toFixed(0)} MB`,
      against: "",
      result: `${(memory / 1e6).toFixed(0)} MB`,
      target: "≤ 200 MB",
      met: memory <= 200_000_000,
    },
  ];
}
