import { createHash, randomUUID } from "node:crypto";
import { AppError } from "../domain/app-error";
import type { Channel, Destination } from "../domain/channel";
import type { User } from "../domain/user";
import type { Log } from "../kit/log";
import { createLoops } from "../kit/loops";
import type { ChannelStore, DeliveryStore } from "./channel-store";
import type { ChannelsRoom } from "./channels";
import { carryNext, sendNow } from "./deliver";
import type { Message, Sender } from "./sender";

export type ChannelDeps = {
  channels: ChannelStore;
  deliveries: DeliveryStore;
  sender: Sender;
  user(id: string): Promise<User | null>;
  pushKey(): Promise<string>;
  log: Log;
  now(): Date;
  signal: AbortSignal;
  /** How long after each failed attempt the next is due; after the last the message is given up. */
  waitsMs?: readonly number[];
};

const usualWaitsMs = [10_000, 60_000, 5 * 60_000, 30 * 60_000, 2 * 60 * 60_000];
const mostChannels = 20;

export function createChannels(deps: ChannelDeps): ChannelsRoom {
  const { channels, deliveries, log, now, signal } = deps;
  const waitsMs = deps.waitsMs ?? usualWaitsMs;
  // A channel that fails holds up no other.
  const loops = createLoops({
    turn: (channelId) => carryNext({ ...deps, waitsMs }, channelId),
    atOnce: 8,
    signal,
    onError: (channelId, error) => log.error("a notification could not be carried", { channelId, error }),
  });
  const owned = async (user: User, id: string): Promise<Channel> => {
    const channel = await channels.get(id);
    if (channel?.userId !== user.id) throw new AppError("not-found", `There is no notification channel ${id}.`);
    return channel;
  };
  return {
    list: (user) => channels.list(user.id),
    async add(user, { destination, name, loginId }) {
      const addressHash = createHash("sha256").update(addressOf(destination)).digest("hex");
      const known = await channels.list(user.id);
      if (known.length >= mostChannels && !known.some((channel) => channel.addressHash === addressHash))
        throw new AppError("refused", `There are ${mostChannels} channels already: remove one first.`);
      const objection = await deps.sender.objection(destination, { mayReachPrivate: user.role === "admin" });
      if (objection !== null) throw new AppError("refused", objection);
      const facts = { id: randomUUID(), userId: user.id, createdAt: now(), sentAt: null, trouble: null };
      return channels.put({ ...facts, kind: destination.kind, name, loginId, addressHash }, destination);
    },
    async remove(user, id) {
      await owned(user, id);
      await channels.delete(id);
    },
    async test(user, id) {
      const channel = await owned(user, id);
      const { kind } = await sendNow(deps, channel, testMessage(now()));
      if (kind === "gone")
        throw new AppError(
          "refused",
          `${channel.name} takes no messages any more: it was removed. Turn it on again there.`,
        );
      return owned(user, id);
    },
    muted: (user) => channels.muted(user.id),
    mute: (user, kinds) => channels.mute(user.id, kinds),
    pushKey: deps.pushKey,
    async recipients(userId, kind) {
      const [muted, all] = await Promise.all([channels.muted(userId), channels.list(userId)]);
      return muted.includes(kind) ? [] : all.map(({ id }) => id);
    },
    wake: (ids) => ids.forEach(loops.wake),
    async start() {
      for (const id of await deliveries.waiting()) loops.wake(id);
    },
    idle: () => loops.idle(),
  };
}

const addressOf = (destination: Destination): string =>
  destination.kind === "push" ? destination.endpoint : destination.url;

function testMessage(at: Date): Message {
  const title = "Trellis can reach you here";
  const body = "This is the message that you asked for in the settings.";
  return { id: randomUUID(), kind: "test", title, body, sessionId: null, createdAt: at };
}
