import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import type { SessionView } from "../server/protocol/api";
import { call } from "./support/call";
import { bringPartsBack, ClusterGround, type ClusterPart, killPart, whyNoCluster, whyNoParts } from "./support/cluster";
import { endure, type Fault, serverKilled } from "./support/endurance";
import { eventually } from "./support/session";
import { TerminalClient } from "./support/terminal-client";

const noCluster = whyNoCluster();
const noParts = noCluster ?? whyNoParts();
/** A link over exec is cut in every fourth of them, and all else that is severe comes once in a round of forty. */
const wanted = Number(process.env.TRELLIS_KUBERNETES_FAULTS ?? 60);
const seed = Number(process.env.TRELLIS_FAULT_SEED ?? 20_261);
const support = path.resolve(import.meta.dirname, "support");
const script = (name: string) => readFileSync(path.join(support, name), "utf8");
/** On the pod's volume, so a pod that comes back has it too. */
const file = "/workspace/home/producer";

/** Everyone hears more of the producer than before: the link carries again. */
async function everyoneReads(everyone: readonly TerminalClient[]): Promise<void> {
  for (const one of everyone.slice(0, -1)) {
    const had = one.offset;
    await one.until("output after a fault", (it) => it.offset > had || it.closed !== null, 90_000);
  }
}

function linkCut({ proxy }: ClusterGround): Fault {
  return {
    name: "exec link cut",
    make: async () => proxy.cut(),
  };
}

function linkCutAndBack({ proxy }: ClusterGround): Fault {
  return {
    name: "exec link cut, and back",
    async make(everyone) {
      const { opened } = proxy;
      proxy.cut();
      await expect.poll(() => proxy.opened, { timeout: 60_000 }).toBeGreaterThan(opened);
      await everyoneReads(everyone);
    },
  };
}

function partKilled(part: ClusterPart): Fault {
  return {
    name: `${part} killed`,
    async make(everyone) {
      killPart(part);
      await bringPartsBack();
      await everyoneReads(everyone);
    },
  };
}

test(`[I3] [I4] [I6] ${wanted} seeded faults over exec: links, server, API server, kubelet, containerd`, async () => {
  test.skip(noParts !== null, noParts ?? "");
  test.setTimeout(180_000 + wanted * 3_000);
  const scripts = ["producer.mjs", "sink.mjs", "random.mjs"];
  const ground = await ClusterGround.open(Object.fromEntries(scripts.map((name) => [name, script(name)])));
  const { program } = ground;
  const once: Record<number, Fault> = {
    9: serverKilled(program),
    15: partKilled("kube-apiserver"),
    23: partKilled("kubelet"),
    29: partKilled("containerd"),
    35: serverKilled(program),
  };
  try {
    const { id: sessionId, podName } = await ground.openSession();
    const { gaps } = await endure({
      ...{ program, sessionId, seed, faults: wanted, pauseMs: 20, file },
      command: (name, ...args) => ["sh", "-c", 'stty raw -echo && exec node "$0" "$@"', name, ...args],
      touch: async (made) => void (await ground.kubectl("exec", podName ?? "", "--", "touch", made)),
      severe: (at) => once[at % 40] ?? (at % 8 === 3 ? linkCutAndBack(ground) : at % 8 === 6 ? linkCut(ground) : null),
    });
    expect(gaps).toBe(0);
  } finally {
    await bringPartsBack();
    await ground.close();
  }
});

const unpushed = [
  "git config user.name",
  "echo work > work && git add work && git commit -q -m unpushed && echo dirty >> work",
  'echo "ready-$?"',
].join("; ");

async function attach({ program }: ClusterGround, session: SessionView): Promise<TerminalClient> {
  const { url, token } = program;
  const terminalId = session.terminals[0]?.id ?? "";
  const client = new TerminalClient({ url, token, sessionId: session.id, terminalId });
  client.connect();
  await client.until("attached", (it) => it.attached !== null);
  return client;
}

/** The shell has ended, at the byte that this viewer has; a new one stands in the worktree as it was left. */
async function comesBack(ground: ClusterGround, session: SessionView, viewer: TerminalClient): Promise<void> {
  await viewer.until("the program's end", (it) => it.exit !== null && it.offset === it.exit.offset, 120_000);
  const before = viewer.attached?.epoch;
  expect(viewer.faults).toEqual([]);
  expect(viewer.gaps).toEqual([]);
  const where = `/api/sessions/${session.id}/terminals/${session.terminals[0]?.id}`;
  // The program's end is told while the pod still goes: until it is back, a restart is refused.
  const restart = () => call(ground.program, "POST", `${where}/restart`, { body: {} });
  await eventually(restart, ({ status }) => status < 300, 120_000);
  await viewer.until("the new shell", (it) => it.attached !== null && it.attached.epoch !== before);
  viewer.type("git --no-pager log -1 --format=%s; git status --porcelain; cat work\r");
  await viewer.until("the worktree as it was", (it) => /unpushed\r\n M work\r\nwork\r\ndirty/.test(it.tail), 60_000);
}

for (const [how, ...flags] of [["in good order"], ["by force", "--grace-period=0", "--force"]] as const) {
  test(`[I8] a pod deleted ${how} comes back on its volume, and its terminal says at which byte its program ended`, async () => {
    test.skip(noCluster !== null, noCluster ?? "");
    test.setTimeout(300_000);
    const ground = await ClusterGround.open({});
    try {
      const session = await ground.openSession();
      const viewer = await attach(ground, session);
      viewer.type(`${unpushed}\r`);
      await viewer.until("the commit", (it) => it.tail.includes("ready-0"));
      viewer.type("i=0; while :; do i=$((i+1)); echo tick-$i; sleep 0.02; done\r");
      await viewer.until("a program that prints", (it) => it.tail.includes("tick-50\r\n"));
      await ground.kubectl("delete", "pod", session.podName ?? "", "--wait=false", ...flags);
      await comesBack(ground, session, viewer);
      viewer.close();
    } finally {
      await ground.close();
    }
  });
}
