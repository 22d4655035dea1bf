import type { Notification } from "../../domain/notification";
import type { NotificationView } from "../../protocol/api";

export function notificationView(notification: Notification): NotificationView {
  return {
    id: notification.id,
    sessionId: notification.sessionId,
    kind: notification.kind,
    title: notification.title,
    body: notification.body,
    createdAt: notification.createdAt.toISOString(),
    readAt: notification.readAt?.toISOString() ?? null,
  };
}
