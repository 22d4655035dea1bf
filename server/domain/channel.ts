import type { Notification } from "./notification";

/** Where a channel leads, and what proves to the far side that we send. A secret: it is stored encrypted. */
export type Destination =
  | { kind: "push"; endpoint: string; p256dh: string; auth: string }
  | { kind: "webhook"; url: string; secret: string };

/** A way to tell a person of notifications while no page is open: one browser by Web Push, or a webhook of theirs. */
export type Channel = {
  id: string;
  userId: string;
  /** The sign-in that a browser's channel goes with; null for those that outlive every sign-in. */
  loginId: string | null;
  kind: Destination["kind"];
  name: string;
  /** SHA-256 of where it leads, in hex: a browser finds itself by it, and nobody else learns the address. */
  addressHash: string;
  createdAt: Date;
  sentAt: Date | null;
  /** Why the last send did not succeed, and since when none does. */
  trouble: { reason: string; since: Date } | null;
};

/** A notification that a channel has yet to carry. */
export type Delivery = { notification: Notification; attempts: number; dueAt: Date };
