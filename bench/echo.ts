import type { TerminalClient } from "../e2e/support/terminal-client";
import { echoScript, rawEcho } from "./raw-pty";
import type { Subject } from "./subject";
import { ms, quantile, type Row, spread } from "./table";

export const keys = 1000;

/** Round trips of single keys, one at a time, in ms. */
export async function echo(client: TerminalClient): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < keys; at++) {
    const before = client.offset;
    const started = performance.now();
    client.type("x");
    await client.until("an echo", (it) => it.offset > before);
    times.push(performance.now() - started);
  }
  return times;
}

export async function echoTerminal(subject: Subject): Promise<TerminalClient> {
  const client = await subject.terminal(["sh", "-c", echoScript]);
  await client.until("cat", (it) => it.tail.includes("R"));
  return client;
}

export async function benchEcho(subject: Subject): Promise<Row[]> {
  const client = await echoTerminal(subject);
  await echo(client);
  const raw = await rawEcho(keys);
  const ours = await echo(client);
  const p50 = quantile(ours, 0.5) - quantile(raw, 0.5);
  const p99 = quantile(ours, 0.99) - quantile(raw, 0.99);
  const flood = await subject.terminal(["sh", "-c", "exec cat /dev/urandom | base64"]);
  const flooded = await echo(client);
  flood.close();
  client.close();
  return [
    {
      what: "echo, idle, p50/p95/p99",
      ours: spread(ours),
      against: `raw PTY ${spread(raw)}`,
      result: `+${ms(p50)} p50, +${ms(p99)} p99`,
      target: "+1 ms p50, +5 ms p99",
      met: p50 <= 1 && p99 <= 5,
    },
    {
      what: "echo while another terminal floods",
      ours: spread(flooded),
      against: `idle ${spread(ours)}`,
      result: `p95 ${ms(quantile(flooded, 0.95))}`,
      target: "p95 ≤ 20 ms",
      met: quantile(flooded, 0.95) <= 20,
    },
  ];
}

/** From Ctrl-C under `yes`, with a viewer that drains, to the prompt. */
export async function benchInterrupt(subject: Subject): Promise<Row[]> {
  const client = await subject.terminal(["sh", "-c", "PS1='PROMPT> ' exec bash --norc --noprofile -i"]);
  await client.until("a prompt", (it) => it.tail.includes("PROMPT> "));
  const times: number[] = [];
  for (let at = 0; at < 10; at++) {
    client.type("yes\r");
    const from = client.offset;
    await client.until("a flood", (it) => it.offset > from + 2_000_000);
    const started = performance.now();
    client.type("\x03");
    await client.until("the prompt", (it) => it.tail.endsWith("PROMPT> "));
    times.push(performance.now() - started);
  }
  client.close();
  return [
    {
      what: "Ctrl-C under yes, to the prompt",
      ours: spread(times),
      against: "",
      result: `worst ${ms(Math.max(...times))}`,
      target: "≤ 100 ms",
      met: Math.max(...times) <= 100,
    },
  ];
}
