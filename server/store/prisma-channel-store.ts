import { z } from "zod";
import type { Channel, Destination } from "../domain/channel";
import { type NotificationKind, notificationKinds } from "../domain/notification";
import type { ChannelStore } from "../notifications/channel-store";
import { toColumns } from "./columns";
import type { Database } from "./database";
import { jsonDate } from "./json-dates";
import type { SecretBox } from "./secret-box";

const json = ["trouble"] as const satisfies (keyof Channel)[];
/** The sealed destination is read by `destination` alone. */
const omit = { destination: true } as const;

const channelRow: z.ZodType<Channel> = z.object({
  id: z.string(),
  userId: z.string(),
  loginId: z.string().nullable(),
  kind: z.enum(["push", "webhook"]),
  name: z.string(),
  addressHash: z.string(),
  createdAt: z.date(),
  sentAt: z.date().nullable(),
  trouble: z.object({ reason: z.string(), since: jsonDate }).nullable(),
});
const destinationText: z.ZodType<Destination> = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("push"), endpoint: z.string(), p256dh: z.string(), auth: z.string() }),
  z.object({ kind: z.literal("webhook"), url: z.string(), secret: z.string() }),
]);
const kinds = z.array(z.enum(notificationKinds));

export class PrismaChannelStore implements ChannelStore {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
  ) {}

  async put(channel: Channel, destination: Destination): Promise<Channel> {
    const { userId, addressHash, kind, name, loginId } = channel;
    return this.database.$transaction(async (database) => {
      if (kind === "push") await database.channel.deleteMany({ where: { addressHash, kind, NOT: { userId } } });
      const where = { userId_addressHash: { userId, addressHash } };
      const id = (await database.channel.findUnique({ where, omit }))?.id ?? channel.id;
      const sealed = this.box.seal(JSON.stringify(destination), id);
      const create = { ...toColumns(channel, json), destination: sealed };
      const update = { ...toColumns({ name, loginId, trouble: null }, ["trouble"]), destination: sealed };
      return channelRow.parse(await database.channel.upsert({ where, create, update, omit }));
    });
  }

  async get(id: string): Promise<Channel | null> {
    return channelRow.nullable().parse(await this.database.channel.findUnique({ where: { id }, omit }));
  }

  async list(userId: string): Promise<Channel[]> {
    const orderBy = [{ createdAt: "asc" as const }, { id: "asc" as const }];
    return z.array(channelRow).parse(await this.database.channel.findMany({ where: { userId }, orderBy, omit }));
  }

  async destination(id: string): Promise<Destination | null> {
    const row = await this.database.channel.findUnique({ where: { id }, select: { destination: true } });
    return row && destinationText.parse(JSON.parse(this.box.open(row.destination, id)));
  }

  async note(id: string, patch: Parameters<ChannelStore["note"]>[1]): Promise<void> {
    await this.database.channel.updateMany({ where: { id }, data: toColumns(patch, ["trouble"]) });
  }

  async delete(id: string): Promise<void> {
    const carried = this.database.delivery.deleteMany({ where: { channelId: id } });
    await this.database.$transaction([this.database.channel.deleteMany({ where: { id } }), carried]);
  }

  async muted(userId: string): Promise<NotificationKind[]> {
    const rows = await this.database.mutedKind.findMany({ where: { userId }, orderBy: { kind: "asc" } });
    return kinds.parse(rows.map(({ kind }) => kind));
  }

  async mute(userId: string, muted: readonly NotificationKind[]): Promise<void> {
    const data = [...new Set(muted)].map((kind) => ({ userId, kind }));
    const { mutedKind } = this.database;
    await this.database.$transaction([mutedKind.deleteMany({ where: { userId } }), mutedKind.createMany({ data })]);
  }
}
