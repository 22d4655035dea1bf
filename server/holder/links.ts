import type { Socket } from "node:net";
import type { Log } from "../kit/log";
import { holderProtocol } from "../protocol/holder-protocol";
import { type Admission, type Hello, Link, type Welcome } from "./link";
import type { RequestContext } from "./request-context";
import type { ServerNumber } from "./server-number";

/** A holder speaks its own version and this many before it. */
const olderProtocols = 2;

/** The servers that are connected. Only one server is obeyed: the one with the highest number ever seen. */
export class Links {
  readonly #links = new Set<Link>();

  constructor(
    private readonly facts: () => Omit<Welcome, "protocol">,
    private readonly serverNumber: ServerNumber,
    private readonly log: Log,
  ) {}

  accept(socket: Socket, context: RequestContext): void {
    const link = new Link(socket, context, {
      admit: (hello, admitted) => this.#admit(hello, admitted),
      onClose: (closed) => {
        this.#links.delete(closed);
      },
      onError: (message, error) => this.log.warn(message, { error }),
    });
    this.#links.add(link);
  }

  /** To every server that is obeyed. */
  broadcast(type: number, stream: number, payload: Uint8Array): void {
    for (const link of this.#links) link.control(type, stream, payload);
  }

  close(reason: string): void {
    for (const link of [...this.#links]) link.drop(reason);
  }

  #admit({ protocol, serverNumber }: Hello, admitted: Link): Admission {
    const oldest = Math.max(1, holderProtocol - olderProtocols);
    if (protocol < oldest) {
      const reason = `this holder speaks protocol ${oldest} to ${holderProtocol}, the server ${protocol}: update the server`;
      return { ok: false, reason };
    }
    if (protocol > holderProtocol) {
      const reason =
        `this holder speaks protocol ${oldest} to ${holderProtocol}, the server ${protocol}: ` +
        "end the holder when its terminals may end (npm run stop-all), and the server starts a new one";
      return { ok: false, reason };
    }
    const { highest } = this.serverNumber;
    if (serverNumber < highest) {
      return { ok: false, reason: `server ${highest} has taken over from server ${serverNumber}: stop this one` };
    }
    this.serverNumber.raise(serverNumber);
    for (const link of [...this.#links]) {
      if (link === admitted || link.serverNumber === null || link.serverNumber >= serverNumber) continue;
      link.drop(`server ${serverNumber} has taken over`);
    }
    this.log.info("server linked", { serverNumber, protocol });
    return { ok: true, welcome: { protocol, ...this.facts() } };
  }
}
