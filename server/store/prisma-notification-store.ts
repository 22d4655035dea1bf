import { z } from "zod";
import type { Notification } from "../domain/notification";
import { toPage } from "../kit/page-cursor";
import type { NotificationStore } from "../notifications/notification-store";
import { toColumns } from "./columns";
import { type Database, isTaken } from "./database";
import { newestFirst } from "./newest-first";
import { notificationRow } from "./notification-row";

export class PrismaNotificationStore implements NotificationStore {
  constructor(private readonly database: Database) {}

  async create(notification: Notification, channelIds: readonly string[]): Promise<Notification> {
    const { id, createdAt: dueAt } = notification;
    const deliveries = channelIds.map((channelId) => ({ channelId, notificationId: id, dueAt }));
    try {
      const [made] = await this.database.$transaction([
        this.database.notification.create({ data: toColumns(notification, []) }),
        ...(deliveries.length > 0 ? [this.database.delivery.createMany({ data: deliveries })] : []),
      ]);
      return notificationRow.parse(made);
    } catch (error) {
      if (!isTaken(error)) throw error;
      return notificationRow.parse(await this.database.notification.findUnique({ where: { id } }));
    }
  }

  async list(userId: string, page: { limit: number; cursor?: string }) {
    const { where, ...order } = newestFirst(page);
    const rows = await this.database.notification.findMany({ where: { AND: [{ userId }, where] }, ...order });
    return toPage(z.array(notificationRow).parse(rows), page.limit);
  }

  async countUnread(userId: string): Promise<number> {
    return this.database.notification.count({ where: { userId, readAt: null } });
  }

  async markRead(userId: string, ids: string[] | null, at: Date): Promise<void> {
    const which = ids === null ? {} : { id: { in: ids } };
    await this.database.notification.updateMany({ where: { userId, readAt: null, ...which }, data: { readAt: at } });
  }
}
