import type { NotificationView } from "@/server/protocol/api";

/** Pure: of those that the page has, which are the newest hundred. */
export const unreadOf = (notifications: readonly NotificationView[], sessionId: string): number =>
  notifications.filter((one) => one.sessionId === sessionId && one.readAt === null).length;
