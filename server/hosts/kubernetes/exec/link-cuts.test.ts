import { createHash, randomUUID } from "node:crypto";
import { expect, vi } from "vitest";
import { Seen } from "../../../terminals/pty-host.contract";
import { seeded } from "../../testing/cutting-proxy";
import { openHosts, untilState } from "../repo-pods/testing/open-hosts";
import { describeCluster } from "../testing/cluster";

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const patient = { timeout: 120_000, interval: 50 };

describeCluster("an exec that is cut again and again", (ground) => {
  ground.imageTest(
    "loses no byte of output and types nothing twice",
    async () => {
      const { proxy, add, start } = await openHosts(ground);
      const hosts = start();
      const repositoryId = add();
      const [host, ptys] = [hosts.host(repositoryId), hosts.ptys(repositoryId)];
      host.wake();
      await untilState(host, "reachable");

      const random = seeded(20_261_121);
      const typed = Uint8Array.from({ length: 300_000 }, () => 33 + Math.floor(random() * 90));
      const begin = async (processId: string, script: string) => {
        const spec = { sessionId: randomUUID(), cwd: "/", env: {}, cols: 80, rows: 24 };
        const { epoch } = await ptys.open({ ...spec, processId, command: ["sh", "-c", script] });
        return { processId, epoch, seen: new Seen(ptys, { processId, epoch, offset: 0 }) };
      };
      const count = 400_000;
      const flood = await begin(`flood-${randomUUID()}`, `stty raw; seq 1 ${count}`);
      const paste = await begin(
        `paste-${randomUUID()}`,
        `stty raw -echo; printf ready; head -c ${typed.length} | sha256sum`,
      );
      await vi.waitFor(() => expect(paste.seen.text).toBe("ready"), patient);

      let cuts = 0;
      for (let position = 0; position < typed.length; ) {
        const bytes = typed.subarray(position, position + 20_000);
        ptys.write(paste.processId, paste.epoch, { clientId: "browser", position, bytes });
        position += bytes.length;
        if (random() < 0.5) {
          cuts += 1;
          proxy.cut();
        }
        const least = Math.min(position - 100_000, typed.length);
        const acked = () => expect(paste.seen.acks.at(-1)?.position ?? 0).toBeGreaterThanOrEqual(least);
        await vi.waitFor(acked, patient);
      }
      for (const { seen } of [flood, paste]) {
        await vi.waitFor(() => expect(seen.last?.kind).toBe("exit"), patient);
        expect([seen.broken, seen.lost]).toEqual([[], []]);
      }
      const numbers = Array.from({ length: count }, (_, index) => `${index + 1}\n`).join("");
      expect(sha256(flood.seen.text)).toBe(sha256(numbers));
      expect(paste.seen.text).toBe(`ready${sha256(typed)}  -\n`);
      expect(cuts).toBeGreaterThan(3);
      await host.remove();
      await hosts.close();
      await proxy.goAway();
    },
    240_000,
  );
});
