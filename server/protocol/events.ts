import { z } from "zod";
import { hostState, notificationView, repositoryView, sessionView } from "./api";
import { pullView } from "./pulls";

/** `/ws/events`: a snapshot, then changes. Every message may arrive twice; each carries the cursor to go on from. */
const cursor = { cursor: z.string() };

const counts = z.object({
  activeSessions: z.int(),
  byRepository: z.record(z.string(), z.int()),
  unreadNotifications: z.int(),
});

export const serverEvent = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("snapshot"),
    ...cursor,
    /** All active ones and the newest ended. */
    sessions: z.array(sessionView),
    repositories: z.array(repositoryView),
    hosts: z.array(hostState),
    notifications: z.array(notificationView),
    counts,
  }),
  z.object({ type: z.literal("session"), ...cursor, session: sessionView }),
  z.object({ type: z.literal("session-removed"), ...cursor, sessionId: z.string() }),
  /** One of a session's own is new, or another than it was told; the `session` after it has it too. */
  z.object({ type: z.literal("pr"), ...cursor, sessionId: z.string(), pr: pullView }),
  z.object({ type: z.literal("repository"), ...cursor, repository: repositoryView }),
  z.object({ type: z.literal("repository-removed"), ...cursor, repositoryId: z.string() }),
  z.object({ type: z.literal("notification"), ...cursor, notification: notificationView }),
  z.object({ type: z.literal("host"), ...cursor, host: hostState }),
  z.object({ type: z.literal("counts"), ...cursor, counts }),
  z.object({ type: z.literal("pong") }),
]);
export type ServerEvent = z.infer<typeof serverEvent>;
export type Counts = z.infer<typeof counts>;

export const eventsClientMessage = z.object({ type: z.literal("ping") });
