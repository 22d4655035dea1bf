import { createHash, randomUUID } from "node:crypto";
import type { Changes } from "../kit/changes";
import type { ChannelsRoom } from "./channels";
import type { NotificationStore } from "./notification-store";
import type { Notifications } from "./notifications";

export type NotificationsOptions = {
  store: NotificationStore;
  channels: Pick<ChannelsRoom, "recipients" | "wake">;
  changes: Changes;
  now(): Date;
};

export function createNotifications({ store, channels, changes, now }: NotificationsOptions): Notifications {
  return {
    async tell({ key, ...message }) {
      const id = key === undefined ? randomUUID() : idOf(message.userId, key);
      const carriers = await channels.recipients(message.userId, message.kind);
      const notification = await store.create({ ...message, id, createdAt: now(), readAt: null }, carriers);
      changes.notification(notification.userId);
      channels.wake(carriers);
      return notification;
    },
    list: (userId, page) => store.list(userId, page),
    countUnread: (userId) => store.countUnread(userId),
    async markRead(userId, ids) {
      await store.markRead(userId, ids, now());
      changes.notification(userId);
    },
  };
}

/** The same over all restarts: what was told is known by its id. */
const idOf = (userId: string, key: string): string =>
  createHash("sha256")
    .update(JSON.stringify([userId, key]))
    .digest("hex");
