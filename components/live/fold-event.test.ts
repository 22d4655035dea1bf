import { describe, expect, it } from "vitest";
import type { NotificationView, RepositoryView, SessionView } from "../../server/protocol/api";
import type { ServerEvent } from "../../server/protocol/events";
import { foldEvent, learnSession } from "./fold-event";

const counts = { activeSessions: 0, byRepository: {}, unreadNotifications: 0 };
const session = (id: string, title = "a") => ({ id, title }) as SessionView;
const repository = (id: string) => ({ id }) as RepositoryView;
const note = (id: string, createdAt: string, readAt: string | null = null) =>
  ({ id, createdAt, readAt }) as NotificationView;
const snapshot = (parts: Partial<Extract<ServerEvent, { type: "snapshot" }>> = {}): ServerEvent => ({
  type: "snapshot",
  cursor: "0",
  sessions: [],
  repositories: [],
  hosts: [],
  notifications: [],
  counts,
  ...parts,
});
const fold = (...events: ServerEvent[]) => events.reduce(foldEvent, null as ReturnType<typeof foldEvent>);

describe("folding events", () => {
  it("[4] an event that comes twice changes nothing the second time", () => {
    const events: ServerEvent[] = [
      { type: "session", cursor: "1", session: session("s1", "new") },
      { type: "notification", cursor: "2", notification: note("n1", "2026-01-01T00:00:00Z") },
      { type: "repository", cursor: "3", repository: repository("r1") },
      { type: "session-removed", cursor: "4", sessionId: "s0" },
    ];
    const start = snapshot({ sessions: [session("s0"), session("s1")] });
    const once = fold(start, ...events);
    expect(fold(start, ...events.flatMap((event) => [event, event]))).toEqual(once);
    expect(Object.keys(once?.sessions ?? {})).toEqual(["s1"]);
  });

  it("a snapshot forgets what it does not hold", () => {
    const data = fold(snapshot({ sessions: [session("s1")] }), snapshot({ sessions: [session("s2")] }));
    expect(Object.keys(data?.sessions ?? {})).toEqual(["s2"]);
  });

  it("a change before the first snapshot waits for it", () => {
    expect(fold({ type: "session", cursor: "1", session: session("s1") })).toBeNull();
  });

  it("notifications stand newest first, and one that was read replaces itself", () => {
    const data = fold(
      snapshot({ notifications: [note("old", "2026-01-01T00:00:00Z")] }),
      { type: "notification", cursor: "1", notification: note("new", "2026-01-02T00:00:00Z") },
      { type: "notification", cursor: "2", notification: note("old", "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z") },
    );
    expect(data?.notifications.map(({ id, readAt }) => [id, readAt === null])).toEqual([
      ["new", true],
      ["old", false],
    ]);
  });

  it("the answer to a POST never undoes a newer event", () => {
    const data = fold(snapshot({ sessions: [session("s1", "renamed")] }));
    expect(learnSession(data, session("s1", "as made"))?.sessions["s1"]?.title).toBe("renamed");
    expect(learnSession(data, session("s2"))?.sessions["s2"]).toBeDefined();
  });
});
