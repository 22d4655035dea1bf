import type { Notification } from "../domain/notification";

export interface NotificationStore {
  /**
   * In one transaction with what the named channels have to carry of it, due at once. A second one of an id gives the
   * first back, and nothing is written.
   */
  create(notification: Notification, channelIds: readonly string[]): Promise<Notification>;
  /** Newest first. */
  list(
    userId: string,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: Notification[]; nextCursor: string | null }>;
  countUnread(userId: string): Promise<number>;
  /** All of the user's when `ids` is null. Those already read keep their time. */
  markRead(userId: string, ids: string[] | null, at: Date): Promise<void>;
}
