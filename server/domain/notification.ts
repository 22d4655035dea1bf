export type Notification = {
  id: string;
  userId: string;
  sessionId: string | null;
  kind: "session-failed" | "session-ended" | "session-unreachable" | "program-ended" | "push-refused" | "holder-lost";
  title: string;
  body: string;
  createdAt: Date;
  readAt: Date | null;
};
