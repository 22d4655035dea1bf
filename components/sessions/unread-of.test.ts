import { expect, test } from "vitest";
import { unreadOf } from "./unread-of";

const told = { kind: "pull-merged", title: "", body: "", createdAt: "2026-05-06T07:08:09.123Z" };

test("what was read, and what is about another session or none, does not count", () => {
  const notifications = [
    { ...told, id: "1", sessionId: "s", readAt: null },
    { ...told, id: "2", sessionId: "s", readAt: told.createdAt },
    { ...told, id: "3", sessionId: "other", readAt: null },
    { ...told, id: "4", sessionId: null, readAt: null },
  ];
  expect(unreadOf(notifications, "s")).toBe(1);
  expect(unreadOf([], "s")).toBe(0);
});
