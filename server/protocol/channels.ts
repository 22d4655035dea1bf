import { z } from "zod";
import { notificationKinds } from "../domain/notification";

/** How a person is told of notifications while no page is open. Times are ISO 8601 UTC. */
const time = z.iso.datetime();

export const channelView = z.object({
  id: z.string(),
  kind: z.enum(["push", "webhook"]),
  name: z.string(),
  /** SHA-256 of the push endpoint or the webhook's URL, in hex. */
  addressHash: z.string(),
  createdAt: time,
  sentAt: time.nullable(),
  trouble: z.object({ reason: z.string(), since: time }).nullable(),
});
export type ChannelView = z.infer<typeof channelView>;

/** `secret` is there where the server made one: it is said once and never again. */
export const addedChannel = channelView.extend({ secret: z.string().nullable() });

const base64url = (bytes: number) => z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}=*$`));
const address = z.url({ protocol: /^https?$/ }).max(2048);

export const createChannel = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("push"),
      name: z.string().trim().min(1).max(100),
      endpoint: address,
      /** As the browser's subscription gives them. */
      keys: z.object({ p256dh: base64url(65), auth: base64url(16) }),
    })
    .strict(),
  z
    .object({
      kind: z.literal("webhook"),
      url: address,
      /** What deliveries are signed with; the server makes one where none is given. */
      secret: z.string().min(16).max(256).optional(),
    })
    .strict(),
]);

/** The kinds that no channel carries; the bell has all. */
export const notificationSettings = z.object({ muted: z.array(z.enum(notificationKinds)) });
export type NotificationSettings = z.infer<typeof notificationSettings>;

export const pushKeyView = z.object({ key: z.string() });
