import type { Channel, Delivery, Destination } from "../domain/channel";
import type { NotificationKind } from "../domain/notification";

export interface ChannelStore {
  /**
   * One of the same user and address takes the new secrets, name and sign-in, and keeps its id. A browser is one
   * person's at a time: where another's channel leads to the same push endpoint, it goes.
   */
  put(channel: Channel, destination: Destination): Promise<Channel>;
  get(id: string): Promise<Channel | null>;
  /** Oldest first. */
  list(userId: string): Promise<Channel[]>;
  /** Null when the channel is gone. `AppError("refused")` when it was stored with another key. */
  destination(id: string): Promise<Destination | null>;
  /** Does nothing when the channel is gone. */
  note(id: string, patch: Partial<Pick<Channel, "sentAt" | "trouble">>): Promise<void>;
  /** With what it had yet to carry. */
  delete(id: string): Promise<void>;
  /** What no channel of the user carries. */
  muted(userId: string): Promise<NotificationKind[]>;
  mute(userId: string, kinds: readonly NotificationKind[]): Promise<void>;
}

/** What is yet to be carried. It is written with its notification (`NotificationStore.create`), in one transaction. */
export interface DeliveryStore {
  /** The ids of channels that have something to carry, those included that are gone. */
  waiting(): Promise<string[]>;
  /** The one that is due first. */
  next(channelId: string): Promise<Delivery | null>;
  postpone(channelId: string, delivery: Delivery): Promise<void>;
  settle(channelId: string, notificationId: string): Promise<void>;
}
