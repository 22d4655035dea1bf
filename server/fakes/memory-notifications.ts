import type { Notification } from "../domain/notification";
import type { NotificationStore } from "../notifications/notification-store";
import { copiesOf, copyOf, MemoryTables, pageOf } from "./memory-tables";

/** Notifications in memory. */
export class MemoryNotifications implements NotificationStore {
  constructor(readonly tables = new MemoryTables()) {}

  async create(notification: Notification, channelIds: readonly string[]): Promise<Notification> {
    const { id: notificationId, createdAt: dueAt } = notification;
    const known = copyOf(this.tables.notifications.get(notificationId));
    if (known) return known;
    this.tables.notifications.set(notificationId, structuredClone(notification));
    for (const channelId of channelIds)
      this.tables.deliveries.set(`${channelId} ${notificationId}`, { channelId, notificationId, attempts: 0, dueAt });
    return structuredClone(notification);
  }

  async list(userId: string, page: { limit: number; cursor?: string }) {
    return pageOf(
      copiesOf(this.tables.notifications.values(), (row) => row.userId === userId),
      page,
    );
  }

  async countUnread(userId: string): Promise<number> {
    return copiesOf(this.tables.notifications.values(), (row) => row.userId === userId && row.readAt === null).length;
  }

  async markRead(userId: string, ids: string[] | null, at: Date): Promise<void> {
    for (const row of this.tables.notifications.values())
      if (row.userId === userId && row.readAt === null && (ids === null || ids.includes(row.id))) row.readAt = at;
  }
}
