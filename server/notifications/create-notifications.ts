import { randomUUID } from "node:crypto";
import type { Notification } from "../domain/notification";
import type { Changes } from "../kit/changes";
import type { NotificationStore } from "./notification-store";
import type { Notifications } from "./notifications";

export type NotificationsOptions = { store: NotificationStore; changes: Changes; now(): Date };

export function createNotifications({ store, changes, now }: NotificationsOptions): Notifications {
  return {
    async tell(message) {
      const notification: Notification = { ...message, id: randomUUID(), createdAt: now(), readAt: null };
      await store.create(notification);
      changes.notification(notification.userId);
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
