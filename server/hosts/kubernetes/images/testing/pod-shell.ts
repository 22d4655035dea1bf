import { randomUUID } from "node:crypto";
import { vi } from "vitest";
import type { RepositorySettings } from "../../../../domain/repository";
import type { Host } from "../../../../sessions/host";
import type { PtyHost, PtySpec } from "../../../../terminals/pty-host";
import { Seen } from "../../../../terminals/pty-host.contract";
import { openHosts, untilState } from "../../repo-pods/testing/open-hosts";
import type { ClusterGround } from "../../testing/cluster";

const patience = { interval: 50 };
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

export const until = (check: () => void | Promise<void>) => vi.waitFor(check, patience);

/** A repo pod that is up, and what runs in it. */
export class PodShell {
  private constructor(
    readonly host: Host,
    readonly ptys: PtyHost,
    readonly repositoryId: string,
    readonly close: () => Promise<void>,
  ) {}

  static async open(ground: ClusterGround, settings: Partial<RepositorySettings> = {}): Promise<PodShell> {
    const opened = await openHosts(ground);
    const hosts = opened.start();
    const repositoryId = opened.add({ settings });
    const [host, ptys] = [hosts.host(repositoryId), hosts.ptys(repositoryId)];
    host.wake();
    await untilState(host, "reachable");
    return new PodShell(host, ptys, repositoryId, async () => {
      await host.remove();
      await hosts.close();
      await opened.proxy.goAway();
    });
  }

  async run(...argv: string[]): Promise<{ code: number | null; out: string; said: string }> {
    const { code, stdout, stderr } = await this.host.run(argv);
    return { code, out: decode(stdout), said: decode(stderr) };
  }

  sh(script: string): Promise<{ code: number | null; out: string; said: string }> {
    return this.run("sh", "-c", script);
  }

  /** A program in a terminal, and all that is seen of it. */
  async terminal(processId: string, spec: Partial<PtySpec> = {}) {
    const usual = { sessionId: randomUUID(), command: null, cwd: "/workspace", env: {}, cols: 80, rows: 24 };
    const state = await this.ptys.open({ processId, ...usual, ...spec });
    const seen = new Seen(this.ptys, { processId, epoch: state.epoch, offset: 0 });
    const warnings: string[] = [];
    const events = { onRecord() {}, onInputAck() {}, onLost() {} };
    this.ptys.subscribe(
      processId,
      state.epoch,
      { offset: 0, windowBytes: 64 * 1024 },
      {
        ...events,
        onEvent: (event) => event.kind === "warning" && warnings.push(event.message),
      },
    );
    let position = 0;
    const type = (text: string) => {
      const bytes = new TextEncoder().encode(text);
      this.ptys.write(processId, state.epoch, { clientId: "c1", position, bytes });
      position += bytes.length;
    };
    return { state, seen, type, warnings };
  }
}
