import type { Subject } from "./subject";
import { ms, type Row, spread } from "./table";

export const ticker = ["sh", "-c", "stty raw -echo; i=0; while :; do i=$((i+1)); printf '%s\\n' $i; sleep 0.01; done"];

/** Each number printed once, in order: the stream has no hole and nothing twice. */
export function isUnbroken(text: string): boolean {
  const numbers = text.split("\n").slice(1, -1).map(Number);
  return numbers.every((value, at) => at === 0 || value === (numbers[at - 1] ?? 0) + 1);
}

export async function benchResume(subject: Subject): Promise<Row[]> {
  const client = await subject.terminal(ticker);
  const drops: number[] = [];
  for (let at = 0; at < 20; at++) {
    const from = client.offset;
    await client.until("output", (it) => it.offset > from + 50);
    client.drop();
    const started = performance.now();
    const had = client.offset;
    client.connect();
    await client.until("output again", (it) => it.offset > had);
    drops.push(performance.now() - started);
  }
  const whole = client.faults.length === 0 && client.gaps.length === 0 && isUnbroken(client.tail);

  const restarts: number[] = [];
  for (let at = 0; at < 3; at++) {
    await subject.program.kill();
    await subject.program.start();
    const listening = performance.now();
    const had = client.offset;
    client.drop();
    client.connect();
    await client.until("output after the restart", (it) => it.offset > had);
    restarts.push(performance.now() - listening);
  }
  const wholeAfter = client.faults.length === 0 && client.gaps.length === 0 && isUnbroken(client.tail);
  client.close();
  return [
    {
      what: "resume after a drop",
      ours: spread(drops),
      against: "",
      result: `worst ${ms(Math.max(...drops))}, ${whole ? "0 lost, 0 twice" : "STREAM BROKEN"}`,
      target: "≤ 300 ms, 0 lost, 0 twice",
      met: whole && Math.max(...drops) <= 300,
    },
    {
      what: "server killed under load, to resumed",
      ours: restarts.map(ms).join(", "),
      against: "after it listens",
      result: `worst ${ms(Math.max(...restarts))}, ${wholeAfter ? "0 lost" : "STREAM BROKEN"}`,
      target: "≤ 2 s, 0 lost",
      met: wholeAfter && Math.max(...restarts) <= 2000,
    },
  ];
}
