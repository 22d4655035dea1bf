import type { Notification } from "../domain/notification";
import type { NotificationStore } from "../notifications/notification-store";
import { copiesOf, MemoryTables, pageOf } from "./memory-tables";

/** Notifications in memory. */
export class MemoryNotifications implements NotificationStore {
  constructor(readonly tables = new MemoryTables()) {}

  async create(notification: Notification): Promise<void> {
    this.tables.notifications.set(notification.id, structuredClone(notification));
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
