import type { Channel, Destination } from "../domain/channel";
import type { NotificationKind } from "../domain/notification";
import type { User } from "../domain/user";

export type WantedChannel = {
  destination: Destination;
  name: string;
  /** Null for a channel that outlives every sign-in. */
  loginId: string | null;
};

/** How a person is told while no page is open. All are scoped by the user: another's channel is not found. */
export interface Channels {
  list(user: User): Promise<Channel[]>;
  /** `AppError("refused")` where nothing may be sent there, in words. */
  add(user: User, wanted: WantedChannel): Promise<Channel>;
  remove(user: User, id: string): Promise<void>;
  /** Sends a message now and once. What came of it stands in the channel. */
  test(user: User, id: string): Promise<Channel>;
  muted(user: User): Promise<NotificationKind[]>;
  /** The bell is told all the same. */
  mute(user: User, kinds: readonly NotificationKind[]): Promise<void>;
  /** What a browser subscribes with. */
  pushKey(): Promise<string>;
}

/** With what only this room and its wiring need. */
export interface ChannelsRoom extends Channels {
  /** The channels that are to carry a notification of this kind. */
  recipients(userId: string, kind: NotificationKind): Promise<string[]>;
  wake(channelIds: readonly string[]): void;
  /** Goes on with what the last server left to carry. */
  start(): Promise<void>;
  /** Resolves when no send is under way. */
  idle(): Promise<void>;
}
