import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** Stands before an API server, and can be away, cut what is open, or hold everything back as a network that is gone does. */
export class ApiProxy {
  /** Connections so far. */
  opened = 0;
  readonly #pairs = new Set<{ near: Socket; far: Socket }>();
  #isHeld = false;
  #server: Server;
  #port = 0;

  private constructor(private readonly target: URL) {
    this.#server = this.#makeServer();
  }

  static async open(target: string): Promise<ApiProxy> {
    const proxy = new ApiProxy(new URL(target));
    await proxy.comeBack();
    return proxy;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  get connections(): number {
    return this.#pairs.size;
  }

  cut(): void {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  /** Nothing passes, nothing ends: what comes stays here. */
  hold(): void {
    this.#isHeld = true;
    for (const { near, far } of this.#pairs) {
      near.pause();
      far.pause();
    }
  }

  letGo(): void {
    this.#isHeld = false;
    for (const { near, far } of this.#pairs) {
      near.resume();
      far.resume();
    }
  }

  /** Connections are refused, as by a machine whose API server is down. */
  async goAway(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  async comeBack(): Promise<void> {
    this.#server = this.#makeServer();
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #makeServer(): Server {
    return createServer({ noDelay: true }, (near) => {
      const far = connect({ port: Number(this.target.port || 443), host: this.target.hostname, noDelay: true });
      const pair = { near, far };
      this.#pairs.add(pair);
      this.opened += 1;
      const end = () => {
        this.#pairs.delete(pair);
        near.destroy();
        far.destroy();
      };
      for (const socket of [near, far]) socket.on("error", end).on("close", end);
      near.pipe(far);
      far.pipe(near);
      if (this.#isHeld) this.hold();
    });
  }
}
