import type { Notification } from "../domain/notification";

export interface NotificationStore {
  create(notification: Notification): Promise<void>;
  /** Newest first. */
  list(
    userId: string,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: Notification[]; nextCursor: string | null }>;
  countUnread(userId: string): Promise<number>;
  /** All of the user's when `ids` is null. Those already read keep their time. */
  markRead(userId: string, ids: string[] | null, at: Date): Promise<void>;
}
