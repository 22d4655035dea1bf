import { z } from "zod";
import type { Notification } from "../domain/notification";
import { toPage } from "../kit/page-cursor";
import type { NotificationStore } from "../notifications/notification-store";
import { toColumns } from "./columns";
import type { Database } from "./database";
import { newestFirst } from "./newest-first";

const kinds = [
  "session-failed",
  "session-ended",
  "session-unreachable",
  "program-ended",
  "push-refused",
  "holder-lost",
] as const satisfies Notification["kind"][];

const notificationRow: z.ZodType<Notification> = z.object({
  id: z.string(),
  userId: z.string(),
  sessionId: z.string().nullable(),
  kind: z.enum(kinds),
  title: z.string(),
  body: z.string(),
  createdAt: z.date(),
  readAt: z.date().nullable(),
});

export class PrismaNotificationStore implements NotificationStore {
  constructor(private readonly database: Database) {}

  async create(notification: Notification): Promise<void> {
    await this.database.notification.create({ data: toColumns(notification, []) });
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
