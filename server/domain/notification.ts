export const notificationKinds = [
  "session-failed",
  "session-ended",
  "session-unreachable",
  "program-ended",
  "push-refused",
  "holder-lost",
  "pull-checks-failed",
  "pull-checks-passed",
  "pull-approved",
  "pull-changes-requested",
  "pull-merged",
  "pull-closed",
  "pull-conflict",
  /** The forge refused what the repository lets merge by itself: a person is asked for. */
  "pull-merge-refused",
  /** The last open one of a session is merged: it may be ended. */
  "pull-done",
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

export type Notification = {
  id: string;
  userId: string;
  sessionId: string | null;
  kind: NotificationKind;
  title: string;
  body: string;
  createdAt: Date;
  readAt: Date | null;
};
