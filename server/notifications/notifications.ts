import type { Notification } from "../domain/notification";

export interface Notifications {
  /**
   * `key` names one piece of news of this user: told again under it, as after a crash, nothing is written, and the first
   * is given back. Whoever notes that it was told does so after it.
   */
  tell(news: Omit<Notification, "id" | "createdAt" | "readAt"> & { key?: string }): Promise<Notification>;
  list(
    userId: string,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: Notification[]; nextCursor: string | null }>;
  countUnread(userId: string): Promise<number>;
  markRead(userId: string, ids: string[] | null): Promise<void>;
}
