import { setTimeout as sleep } from "node:timers/promises";
import { benchResume, isUnbroken, ticker } from "../resume";
import { ms, type Row, spread } from "../table";
import type { PodGround } from "./kubectl";

/** What a cut of the way to the API server costs a viewer, whose own connection stays. */
async function linkCuts({ ground, subject }: PodGround): Promise<Row> {
  const client = await subject.terminal(ticker);
  const cuts: number[] = [];
  for (let at = 0; at < 10; at++) {
    const from = client.offset;
    await client.until("output", (it) => it.offset > from + 50);
    ground.proxy.cut();
    const started = performance.now();
    // What was past the cut already arrives.
    await sleep(20);
    const had = client.offset;
    await client.until("output again", (it) => it.offset > had, 60_000);
    cuts.push(performance.now() - started);
  }
  const whole = client.faults.length === 0 && client.gaps.length === 0 && isUnbroken(client.tail);
  client.close();
  return {
    what: "resume after the exec link was cut",
    ours: spread(cuts),
    against: "",
    result: `worst ${ms(Math.max(...cuts))}, ${whole ? "0 lost, 0 twice" : "STREAM BROKEN"}`,
    target: "0 lost, 0 twice",
    met: whole,
  };
}

export async function benchPodResume(pod: PodGround): Promise<Row[]> {
  const cut = await linkCuts(pod);
  const others = await benchResume(pod.subject);
  return [cut, ...others.map((row) => ({ ...row, what: `in a pod: ${row.what}` }))];
}
