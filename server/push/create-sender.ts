import { assertNever } from "../domain/assert-never";
import type { Destination } from "../domain/channel";
import type { Message, Reach, Sender } from "../notifications/sender";
import { findRoute } from "./find-route";
import { type Network, openNetwork } from "./network";
import { type Post, post } from "./post";
import type { PushKeys } from "./web-push/push-keys";
import { pushOutcome } from "./web-push/push-outcome";
import { pushPost } from "./web-push/push-post";
import { webhookOutcome } from "./webhook/webhook-outcome";
import { webhookPost } from "./webhook/webhook-post";

export type SenderOptions = {
  keys(): Promise<PushKeys>;
  /** What browsers call this server; empty while that is not known. */
  origin(): string;
  network?: Network;
};

/** Web Push and webhooks over the open network. */
export function createSender({ keys, origin, network = openNetwork }: SenderOptions): Sender {
  return {
    async objection(destination, reach) {
      const url = addressOf(destination);
      if (url === null) return "The address is not one.";
      const route = await findRoute(url, reachFor(destination, reach), network);
      // A name that cannot be found now may be found later; what is typed wrong is better told at once.
      return route.kind === "closed" ? route.reason : null;
    },
    async send(destination, message, reach) {
      const made = await attempt(() => postOf(destination, message));
      if (made.kind === "failed") return { ...made, retryAfterMs: null };
      const answer = await post(made.value, reachFor(destination, reach), network);
      return destination.kind === "push" ? pushOutcome(answer) : webhookOutcome(answer);
    },
  };

  async function postOf(destination: Destination, message: Message): Promise<Post> {
    switch (destination.kind) {
      case "push":
        return pushPost(destination, message, { keys: await keys(), origin: origin() });
      case "webhook":
        return webhookPost(destination, message, origin());
      default:
        return assertNever(destination);
    }
  }
}

type Attempt<T> = { kind: "made"; value: T } | { kind: "failed"; reason: string };

/** Keys of a browser that are none, and a server's that cannot be read, are found out when they are used. */
async function attempt<T>(make: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { kind: "made", value: await make() };
  } catch (error) {
    return {
      kind: "failed",
      reason: `The message could not be made: ${error instanceof Error ? error.message : error}.`,
    };
  }
}

/** The services of browsers are all public: nobody has a reason to point one inward. */
const reachFor = ({ kind }: Destination, reach: Reach): Reach => (kind === "push" ? { mayReachPrivate: false } : reach);

const addressOf = (destination: Destination): URL | null =>
  URL.parse(destination.kind === "push" ? destination.endpoint : destination.url);
