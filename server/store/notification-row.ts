import { z } from "zod";
import { type Notification, notificationKinds } from "../domain/notification";

export const notificationRow: z.ZodType<Notification> = z.object({
  id: z.string(),
  userId: z.string(),
  sessionId: z.string().nullable(),
  kind: z.enum(notificationKinds),
  title: z.string(),
  body: z.string(),
  createdAt: z.date(),
  readAt: z.date().nullable(),
});
