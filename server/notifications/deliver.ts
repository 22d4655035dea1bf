import { AppError } from "../domain/app-error";
import { assertNever } from "../domain/assert-never";
import type { Channel, Delivery } from "../domain/channel";
import type { User } from "../domain/user";
import type { Log } from "../kit/log";
import type { TurnOutcome } from "../kit/loops";
import type { ChannelStore, DeliveryStore } from "./channel-store";
import type { Message, Sender, SendOutcome } from "./sender";

type Around = {
  channels: ChannelStore;
  sender: Sender;
  user(id: string): Promise<User | null>;
  now(): Date;
};
type Carrying = Around & { deliveries: DeliveryStore; waitsMs: readonly number[]; log: Log };

const longestWaitMs = 6 * 60 * 60_000;

/**
 * Carries what is due first. It is settled after it was sent, so that a crash between the two sends it again, under the
 * same id; one before them loses nothing.
 */
export async function carryNext(around: Carrying, channelId: string): Promise<TurnOutcome> {
  const { channels, deliveries, now } = around;
  const delivery = await deliveries.next(channelId);
  if (!delivery) return "rest";
  const { notification } = delivery;
  const channel = await channels.get(channelId);
  // A browser need not be told what was read elsewhere.
  const isMoot = !channel || (channel.kind === "push" && notification.readAt !== null);
  if (isMoot) {
    await deliveries.settle(channelId, notification.id);
    return "again";
  }
  const waitMs = delivery.dueAt.getTime() - now().getTime();
  if (waitMs > 0) return { waitMs };
  const outcome = await sendNow(around, channel, notification);
  if (outcome.kind === "failed") await tryLater(around, { channel, delivery, outcome });
  else await deliveries.settle(channelId, notification.id);
  return "again";
}

/** Sends once and notes at the channel what came of it. */
export async function sendNow(around: Around, channel: Channel, message: Message): Promise<SendOutcome> {
  const { channels, now } = around;
  const outcome = await send(around, channel, message);
  switch (outcome.kind) {
    case "sent":
      await channels.note(channel.id, { sentAt: now(), trouble: null });
      return outcome;
    case "gone":
      await channels.delete(channel.id);
      return outcome;
    case "refused":
    case "failed":
      await noteTrouble(around, channel, outcome.reason);
      return outcome;
    default:
      return assertNever(outcome);
  }
}

async function send({ channels, sender, user }: Around, channel: Channel, message: Message): Promise<SendOutcome> {
  const owner = await user(channel.userId);
  const reach = { mayReachPrivate: owner?.role === "admin" };
  try {
    const destination = await channels.destination(channel.id);
    return destination ? await sender.send(destination, message, reach) : { kind: "gone" };
  } catch (error) {
    // Sealed with another key than the server has now.
    if (AppError.is(error)) return { kind: "refused", reason: error.message };
    throw error;
  }
}

type Failed = { channel: Channel; delivery: Delivery; outcome: Extract<SendOutcome, { kind: "failed" }> };

async function tryLater(around: Carrying, { channel, delivery, outcome }: Failed): Promise<void> {
  const { deliveries, waitsMs, now, log } = around;
  const { notification, attempts } = delivery;
  const waitMs = waitsMs[attempts];
  if (waitMs === undefined) {
    const tried = `given up after ${attempts + 1} attempts`;
    await noteTrouble(around, channel, `${outcome.reason} “${notification.title}” was ${tried}.`);
    await deliveries.settle(channel.id, notification.id);
    log.warn("a notification was given up", { channelId: channel.id, notificationId: notification.id });
    return;
  }
  const wishedMs = Math.min(outcome.retryAfterMs ?? 0, longestWaitMs);
  const dueAt = new Date(now().getTime() + Math.max(waitMs, wishedMs));
  await deliveries.postpone(channel.id, { notification, attempts: attempts + 1, dueAt });
}

async function noteTrouble({ channels, now }: Around, channel: Channel, reason: string): Promise<void> {
  const known = await channels.get(channel.id);
  await channels.note(channel.id, { trouble: { reason, since: known?.trouble?.since ?? now() } });
}
