import type { Channel, Delivery, Destination } from "../domain/channel";
import type { NotificationKind } from "../domain/notification";
import type { ChannelStore, DeliveryStore } from "../notifications/channel-store";
import { copiesOf, copyOf, MemoryTables } from "./memory-tables";

/** Channels in memory; where they lead as it is. */
export class MemoryChannels implements ChannelStore {
  constructor(readonly tables = new MemoryTables()) {}

  async put(channel: Channel, destination: Destination): Promise<Channel> {
    const { userId, addressHash, kind, name, loginId } = channel;
    const same = [...this.tables.channels.values()].filter((row) => row.addressHash === addressHash);
    for (const row of same) if (row.userId !== userId && kind === "push") await this.delete(row.id);
    const known = same.find((row) => row.userId === userId);
    const kept = structuredClone(known ? { ...known, name, loginId, trouble: null } : channel);
    this.tables.channels.set(kept.id, kept);
    this.tables.destinations.set(kept.id, { ...destination });
    return structuredClone(kept);
  }

  async get(id: string): Promise<Channel | null> {
    return copyOf(this.tables.channels.get(id));
  }

  async list(userId: string): Promise<Channel[]> {
    const rows = copiesOf(this.tables.channels.values(), (row) => row.userId === userId);
    return rows.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
  }

  async destination(id: string): Promise<Destination | null> {
    return copyOf(this.tables.destinations.get(id));
  }

  async note(id: string, patch: Parameters<ChannelStore["note"]>[1]): Promise<void> {
    const row = this.tables.channels.get(id);
    if (row) this.tables.channels.set(id, { ...row, ...structuredClone(patch) });
  }

  async delete(id: string): Promise<void> {
    this.tables.channels.delete(id);
    this.tables.destinations.delete(id);
    for (const [key, { channelId }] of this.tables.deliveries) if (channelId === id) this.tables.deliveries.delete(key);
  }

  async muted(userId: string): Promise<NotificationKind[]> {
    return [...(this.tables.muted.get(userId) ?? [])].sort();
  }

  async mute(userId: string, kinds: readonly NotificationKind[]): Promise<void> {
    this.tables.muted.set(userId, [...new Set(kinds)]);
  }
}

/** What channels in memory have yet to carry. */
export class MemoryDeliveries implements DeliveryStore {
  constructor(readonly tables = new MemoryTables()) {}

  async waiting(): Promise<string[]> {
    return [...new Set([...this.tables.deliveries.values()].map(({ channelId }) => channelId))];
  }

  async next(id: string): Promise<Delivery | null> {
    const rows = [...this.tables.deliveries.values()].filter(({ channelId }) => channelId === id);
    const [first] = rows.sort(
      (a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.notificationId < b.notificationId ? -1 : 1),
    );
    const notification = first && this.tables.notifications.get(first.notificationId);
    return notification ? structuredClone({ notification, attempts: first.attempts, dueAt: first.dueAt }) : null;
  }

  async postpone(channelId: string, { notification, attempts, dueAt }: Delivery): Promise<void> {
    const key = `${channelId} ${notification.id}`;
    const row = this.tables.deliveries.get(key);
    if (row) this.tables.deliveries.set(key, { ...row, attempts, dueAt });
  }

  async settle(channelId: string, notificationId: string): Promise<void> {
    this.tables.deliveries.delete(`${channelId} ${notificationId}`);
  }
}
