import type { IPty } from "@lydell/node-pty";
import { byTrellis, rounds } from "../new-session";
import { ms, quantile, type Row, spread } from "../table";
import { kubectlPty, type PodGround } from "./kubectl";

const clone = "/workspace/home/by-hand";

/** Types a line into a shell, or nothing, and resolves once it printed what was waited for. */
function typed(shell: IPty, line: string, awaited: string): Promise<void> {
  return new Promise((resolve) => {
    let printed = "";
    const listener = shell.onData((data) => {
      printed += data;
      if (!printed.includes(awaited)) return;
      listener.dispose();
      resolve();
    });
    if (line !== "") shell.write(`${line}\n`);
  });
}

/** In a shell that a person has open in the pod already. The prompt of the new one is put together: its echo is not it. */
async function byHand(shell: IPty, at: number): Promise<number> {
  const started = performance.now();
  const add = `git worktree add -q -b by-hand-${at} ../by-hand-${at} origin/main`;
  const prompt = `PS1='PROM''PT-${at} ' bash --norc -i`;
  await typed(
    shell,
    `cd ${clone} && git fetch -q origin && ${add} && cd ../by-hand-${at} && ${prompt}`,
    `PROMPT-${at} `,
  );
  const took = performance.now() - started;
  await typed(shell, "exit", "READY ");
  return took;
}

export async function benchPodNewSession(pod: PodGround): Promise<Row[]> {
  const shell = kubectlPty(pod, "PS1='READY ' exec bash --norc -i");
  // What is typed before kubectl has the terminal is thrown away.
  await typed(shell, "", "READY ");
  await typed(shell, `git clone -q ${pod.ground.cloneUrl} ${clone} && cd ${clone} && echo CLO''NED`, "CLONED");
  const hand: number[] = [];
  const ours: number[] = [];
  await byTrellis(pod.subject);
  for (let at = 0; at < rounds; at++) {
    hand.push(await byHand(shell, at));
    ours.push(await byTrellis(pod.subject));
  }
  shell.kill("SIGKILL");
  const added = quantile(ours, 0.5) - quantile(hand, 0.5);
  return [
    {
      what: "New Session to prompt, warm pod",
      ours: spread(ours),
      against: `by hand there ${spread(hand)}`,
      result: `${added < 0 ? "" : "+"}${ms(added)} p50`,
      target: "+300 ms",
      met: added <= 300,
    },
  ];
}
