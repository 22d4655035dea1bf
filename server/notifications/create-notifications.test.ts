import { expect, test } from "vitest";
import { MemoryNotifications } from "../fakes/memory-notifications";
import type { Changes } from "../kit/changes";
import { createNotifications } from "./create-notifications";

const at = new Date("2026-05-06T07:08:09.123Z");

function open() {
  const told: string[] = [];
  const store = new MemoryNotifications();
  const unread: Promise<number>[] = [];
  const changes: Changes = {
    session: () => {},
    repository: () => {},
    notification(userId) {
      told.push(userId);
      unread.push(store.countUnread(userId));
    },
  };
  return { told, unread, notifications: createNotifications({ store, changes, now: () => at }) };
}

const message = { userId: "ada", sessionId: "s", kind: "push-refused" as const, title: "Refused", body: "by a hook" };

test("a message is stored unread, and its user's readers are told once it can be read", async () => {
  const { notifications, told, unread } = open();
  const made = await notifications.tell(message);
  expect(made).toEqual({ ...message, id: made.id, createdAt: at, readAt: null });
  expect((await notifications.list("ada", { limit: 10 })).items).toEqual([made]);
  expect(told).toEqual(["ada"]);
  expect(await Promise.all(unread)).toEqual([1]);
});

test("reading some or all tells the readers again, and is scoped by the user", async () => {
  const { notifications, told, unread } = open();
  const [first] = [await notifications.tell(message), await notifications.tell(message)];
  await notifications.markRead("grace", null);
  expect(await notifications.countUnread("ada")).toBe(2);
  await notifications.markRead("ada", [first?.id ?? ""]);
  await notifications.markRead("ada", null);
  expect(await notifications.countUnread("ada")).toBe(0);
  expect(told).toEqual(["ada", "ada", "grace", "ada", "ada"]);
  expect(await Promise.all(unread)).toEqual([1, 2, 0, 1, 0]);
});
