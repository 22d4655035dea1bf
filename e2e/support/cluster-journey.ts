import type { SessionView } from "../../server/protocol/api";
import { ClusterGround } from "./cluster";
import { test as journey } from "./journey";
import type { Program } from "./program";
import { openSession } from "./session";
import { TerminalClient } from "./terminal-client";

/** A pod comes up within seconds where its image is there; a busy machine takes longer. */
export const podMs = 120_000;

/** One program and one namespace for all of it; `good` is the kubeconfig that the program was first given. */
export const test = journey.extend<Record<never, never>, { ground: ClusterGround; good: string }>({
  ground: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
    async ({}, use) => {
      const ground = await ClusterGround.open({});
      await use(ground);
      await ground.close();
    },
    { scope: "worker", timeout: podMs },
  ],
  program: [async ({ ground }, use) => use(ground.program), { scope: "worker" }],
  good: [async ({ program }, use) => use(program.env["KUBECONFIG"] ?? ""), { scope: "worker" }],
});

/** A session on this machine: made, and typed in. */
export async function localGoesOn(ground: ClusterGround): Promise<void> {
  const session = await openSession(ground.program, ground.remote);
  await answers(ground.program, session);
}

/** Its terminal is typed in, and answers. */
export async function answers({ url, token }: Program, { id: sessionId }: SessionView): Promise<void> {
  const client = new TerminalClient({ url, token, sessionId });
  client.connect();
  await client.until("attached", ({ attached }) => attached !== null);
  client.type("echo answer-$((40+2))\r");
  await client.until("an answer", ({ tail }) => tail.includes("answer-42"));
  client.close();
}
