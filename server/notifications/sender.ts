import type { Destination } from "../domain/channel";
import type { NotificationKind } from "../domain/notification";

/** What a channel carries. `id` is the same at each attempt, so that the far side can tell a repeat. */
export type Message = {
  id: string;
  kind: NotificationKind | "test";
  title: string;
  body: string;
  sessionId: string | null;
  createdAt: Date;
};

export type SendOutcome =
  | { kind: "sent" }
  /** Nothing will ever be taken there again. */
  | { kind: "gone" }
  /** This message will never be taken: trying again is of no use. */
  | { kind: "refused"; reason: string }
  | { kind: "failed"; reason: string; retryAfterMs: number | null };

/** An administrator runs the network that the server stands in; to others it is closed. */
export type Reach = { mayReachPrivate: boolean };

/** The way out. Each send has a limit of its own, follows no redirect, and never rejects: what happened is a value. */
export interface Sender {
  /** Why nothing may be sent there, in words; null where it may. */
  objection(destination: Destination, reach: Reach): Promise<string | null>;
  send(destination: Destination, message: Message, reach: Reach): Promise<SendOutcome>;
}
