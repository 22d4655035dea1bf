import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { randomFrom } from "./random.mjs";

type Delivery = { path: string; headers: IncomingHttpHeaders; body: Buffer };
export type Fate = "lost" | "late" | "doubled" | "swapped" | "replayed" | "as-is";

const fates: Fate[] = ["lost", "late", "doubled", "swapped", "replayed", "as-is"];
const latestMs = 4_000;

/** Between a forge and the server: it loses, doubles, delays, swaps and replays what is delivered, as a seed says. */
export class BadRelay {
  readonly counts: Partial<Record<Fate, number>> = {};
  readonly #next: () => number;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #past: Delivery[] = [];
  #held: Delivery | null = null;

  private constructor(
    private readonly server: Server,
    private readonly target: string,
    seed: number,
  ) {
    this.#next = randomFrom(seed);
  }

  static async open(target: string, seed: number): Promise<BadRelay> {
    const server = createServer();
    const relay = new BadRelay(server, target, seed);
    server.on("request", async (asked, answer) => {
      const parts: Buffer[] = [];
      for await (const part of asked) parts.push(part as Buffer);
      // The forge is told that all is well, whatever becomes of it.
      answer.writeHead(204).end();
      relay.#take({ path: asked.url ?? "/", headers: asked.headers, body: Buffer.concat(parts) });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }

  #take(delivery: Delivery): void {
    const fate = fates[this.#next() % fates.length] ?? "as-is";
    this.counts[fate] = (this.counts[fate] ?? 0) + 1;
    const old = this.#past[this.#next() % Math.max(1, this.#past.length)];
    this.#past.push(delivery);
    const held = this.#held;
    this.#held = fate === "swapped" ? delivery : null;
    if (fate !== "lost" && fate !== "swapped") this.#pass(delivery, fate === "late" ? this.#next() % latestMs : 0);
    if (held) this.#pass(held, 0);
    if (fate === "doubled") this.#pass(delivery, 100);
    if (fate === "replayed" && old) this.#pass(old, 0);
  }

  #pass({ path, headers, body }: Delivery, afterMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      const { host, ...kept } = headers;
      const asking = request(`${this.target}${path}`, { method: "POST", headers: kept, agent: false });
      asking.on("error", () => {}); // the server is dead now and then: this one is lost too
      asking.on("response", (answer) => answer.resume());
      asking.end(body);
    }, afterMs);
    this.#timers.add(timer);
  }
}
