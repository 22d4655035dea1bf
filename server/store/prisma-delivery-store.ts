import { z } from "zod";
import type { Delivery } from "../domain/channel";
import type { DeliveryStore } from "../notifications/channel-store";
import type { Database } from "./database";
import { notificationRow } from "./notification-row";

const deliveryRow: z.ZodType<Delivery> = z.object({
  notification: notificationRow,
  attempts: z.int(),
  dueAt: z.date(),
});

export class PrismaDeliveryStore implements DeliveryStore {
  constructor(private readonly database: Database) {}

  async waiting(): Promise<string[]> {
    const rows = await this.database.delivery.findMany({ distinct: "channelId", select: { channelId: true } });
    return rows.map(({ channelId }) => channelId);
  }

  async next(channelId: string): Promise<Delivery | null> {
    const orderBy = [{ dueAt: "asc" as const }, { notificationId: "asc" as const }];
    const include = { notification: true } as const;
    return deliveryRow
      .nullable()
      .parse(await this.database.delivery.findFirst({ where: { channelId }, orderBy, include }));
  }

  async postpone(channelId: string, { notification, attempts, dueAt }: Delivery): Promise<void> {
    const where = { channelId, notificationId: notification.id };
    await this.database.delivery.updateMany({ where, data: { attempts, dueAt } });
  }

  async settle(channelId: string, notificationId: string): Promise<void> {
    await this.database.delivery.deleteMany({ where: { channelId, notificationId } });
  }
}
