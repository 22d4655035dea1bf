import { createHash, randomUUID } from "node:crypto";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { PtyHost } from "../../terminals/pty-host";
import { ptyHostContract, Seen } from "../../terminals/pty-host.contract";
import { createPtyHost } from "../pty-host";
import { CuttingProxy, seeded } from "../testing/cutting-proxy";
import { quietLog, testTimings } from "../testing/link-fixture";
import { openLocalFixture } from "../testing/local-fixture";
import { HolderLink } from "./holder-link";

const environment = { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "C.UTF-8" };
const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** A real holder behind a proxy that cuts. */
async function openCutFixture() {
  const local = await openLocalFixture();
  const { host, close } = await local.open({ serverNumber: 1 });
  await close();
  const path = join(local.root, "proxy.sock");
  const proxy = await CuttingProxy.listen(path, local.socket);
  const link = new HolderLink({
    ...{ connect: async () => connect(path), serverNumber: 1, log: quietLog },
    timings: testTimings,
  });
  return {
    ...{ proxy, ptys: createPtyHost(link, { environment, log: quietLog }), cwd: host.paths().worktrees },
    async close() {
      await link.close();
      await proxy.close();
      await local.close();
    },
  };
}

ptyHostContract("a holder over a link that is cut", async () => {
  const fixture = await openCutFixture();
  return {
    ...fixture,
    echo: { command: ["sh", "-c", "stty raw -echo; printf ready; exec cat"], ready: "ready" },
    prints: (text, code) => ["sh", "-c", 'printf %s "$1"; exit "$2"', "sh", text, String(code)],
    async cut() {
      const away = new Promise<void>((resolve) => {
        const off = fixture.ptys.onState(() => {
          off();
          resolve();
        });
      });
      fixture.proxy.cut();
      await away;
    },
  };
});

describe("a link that is cut at random", () => {
  let fixture: Awaited<ReturnType<typeof openCutFixture>>;
  beforeAll(async () => {
    fixture = await openCutFixture();
  });
  afterAll(() => fixture.close());

  for (const seed of [1, 20_261_121, 777]) {
    test(`loses no byte of output and types nothing twice (seed ${seed})`, async () => {
      const { ptys, proxy } = fixture;
      const random = seeded(seed);
      const start = async (processId: string, script: string) => {
        const spec = { sessionId: randomUUID(), cwd: "/", env: {}, cols: 80, rows: 24 };
        // The last seed's cuts may still hit it; opening twice is opening once.
        const { epoch } = await vi.waitFor(() => ptys.open({ ...spec, processId, command: ["sh", "-c", script] }));
        return { processId, epoch, seen: new Seen(ptys, { processId, epoch, offset: 0 }) };
      };
      const count = 400_000;
      const typed = Uint8Array.from({ length: 500_000 }, () => 33 + Math.floor(random() * 90));
      const flood = await start(`flood-${randomUUID()}`, `stty raw -echo; printf ready; head -c 1; seq 1 ${count}`);
      const paste = await start(
        `paste-${randomUUID()}`,
        `stty raw -echo; printf ready; head -c ${typed.length} | sha256sum`,
      );
      for (const { seen } of [flood, paste]) await vi.waitFor(() => expect(seen.text).toBe("ready"));

      const cutsBefore = proxy.cuts;
      proxy.cutAfter = () => 20 + Math.floor(random() ** 2 * 300_000);
      proxy.cut();
      // Not before: a flood that is over at its first cut proves nothing.
      await typeAll(ptys, flood, new TextEncoder().encode("\n"));
      await typeAll(ptys, paste, typed);
      for (const { seen } of [flood, paste]) {
        await vi.waitFor(() => expect(seen.last?.kind).toBe("exit"), { interval: 100 });
        expect(seen.broken).toEqual([]);
        expect(seen.lost).toEqual([]);
      }
      proxy.cutAfter = null;

      const numbers = Array.from({ length: count }, (_, index) => `${index + 1}\n`).join("");
      expect(sha256(flood.seen.text)).toBe(sha256(`ready\n${numbers}`));
      expect(paste.seen.text).toBe(`ready${sha256(typed)}  -\n`);
      expect(proxy.cuts - cutsBefore).toBeGreaterThan(5);
    }, 120_000);
  }
});

type Program = { processId: string; epoch: string; seen: Seen };

/** As a browser does: pieces of random sizes, no more than a little waiting for its acknowledgement. */
async function typeAll(ptys: PtyHost, { processId, epoch, seen }: Program, typed: Uint8Array): Promise<void> {
  for (let position = 0; position < typed.length; ) {
    const bytes = typed.subarray(position, position + 40_000);
    ptys.write(processId, epoch, { clientId: "browser", position, bytes });
    position += bytes.length;
    await vi.waitFor(
      () => expect(seen.acks.at(-1)?.position ?? 0).toBeGreaterThanOrEqual(Math.min(position - 120_000, typed.length)),
      { interval: 5 },
    );
  }
}
