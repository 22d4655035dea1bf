import type { WebSocket } from "ws";
import type { Accounts, Identity } from "../accounts/accounts";
import { every } from "../kit/every";
import type { Log } from "../kit/log";
import { type Credential, identify } from "./http/identify";

const checkMs = 30_000;
const closeGraceMs = 1_000;

type Live = { credential: Credential; loginId: string | null; alive: boolean };

/** Every open WebSocket with what signed it in: looked at again every 30 s, and closed together when the server stops. */
export class LiveSockets {
  readonly #live = new Map<WebSocket, Live>();

  constructor(
    readonly accounts: Accounts,
    readonly log: Log,
  ) {}

  get count(): number {
    return this.#live.size;
  }

  add(socket: WebSocket, { credential, identity }: { credential: Credential; identity: Identity }): void {
    const live: Live = { credential, loginId: identity.loginId, alive: true };
    this.#live.set(socket, live);
    socket.on("pong", () => {
      live.alive = true;
    });
    socket.on("close", () => this.#live.delete(socket));
    socket.on("error", (error) => this.log.debug("a socket failed", { error }));
  }

  watch(signal: AbortSignal): Promise<void> {
    return every(checkMs, () => this.check(), {
      signal,
      onError: (error) => this.log.warn("sockets could not be checked", { error }),
    });
  }

  /** Closes what is no longer signed in, and ends what did not answer since the last time. A failed look closes none. */
  async check(): Promise<void> {
    const credentials = new Map([...this.#live.values()].map(({ credential }) => [keyOf(credential), credential]));
    for (const [key, credential] of credentials) {
      if ((await identify(this.accounts, credential)) !== null) continue;
      for (const [socket, live] of this.#live) if (keyOf(live.credential) === key) signedOut(socket);
    }
    for (const [socket, live] of this.#live) {
      if (!live.alive) socket.terminate();
      live.alive = false;
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }

  closeLogin(loginId: string): void {
    for (const [socket, live] of this.#live) if (live.loginId === loginId) signedOut(socket);
  }

  /** The server stops: browsers come back. Who does not answer the close within a second is cut off. */
  async closeAll(): Promise<void> {
    const sockets = [...this.#live.keys()];
    const gone = sockets.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const socket of sockets) socket.close(1012, "the server restarts");
    const cutOff = setTimeout(() => {
      for (const socket of sockets) socket.terminate();
    }, closeGraceMs);
    await Promise.all(gone);
    clearTimeout(cutOff);
  }
}

const keyOf = ({ by, value }: Credential) => `${by} ${value}`;
const signedOut = (socket: WebSocket) => socket.close(4401, "signed out");
