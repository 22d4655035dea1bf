import type { Notification } from "../domain/notification";

export interface Notifications {
  tell(notification: Omit<Notification, "id" | "createdAt" | "readAt">): Promise<Notification>;
  list(
    userId: string,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: Notification[]; nextCursor: string | null }>;
  countUnread(userId: string): Promise<number>;
  markRead(userId: string, ids: string[] | null): Promise<void>;
}
