import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Stands between a link and its holder and cuts connections: by `cut`, or in the middle of the bytes by `cutAfter`. */
export class CuttingProxy {
  cuts = 0;
  /** How many bytes, of both directions together, the next connection lives. Null lets it live. */
  cutAfter: (() => number) | null = null;
  readonly #server: Server;
  readonly #pairs = new Set<{ near: Socket; far: Socket }>();

  private constructor(target: string) {
    this.#server = createServer((near) => this.#accept(near, connect(target)));
  }

  static async listen(path: string, target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(path);
    await once(proxy.#server, "listening");
    return proxy;
  }

  cut(): void {
    for (const { near, far } of [...this.#pairs]) {
      this.cuts += 1;
      near.destroy();
      far.destroy();
    }
  }

  async close(): Promise<void> {
    this.cutAfter = null;
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(near: Socket, far: Socket): void {
    const pair = { near, far };
    this.#pairs.add(pair);
    let left = this.cutAfter?.() ?? Number.POSITIVE_INFINITY;
    const pass = (from: Socket, to: Socket) => {
      from.on("data", (bytes: Buffer) => {
        const part = bytes.subarray(0, left);
        left -= part.length;
        if (!to.write(part)) from.pause();
        if (left > 0) return;
        this.cuts += 1;
        // What was passed on still arrives: a cut in the middle of a frame.
        near.end();
        far.end();
        from.pause();
      });
      to.on("drain", () => from.resume());
      from.on("error", () => {}); // its close follows
      from.on("close", () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
    };
    pass(near, far);
    pass(far, near);
  }
}
