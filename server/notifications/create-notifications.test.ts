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
  const woken: string[] = [];
  const channels = {
    recipients: async (userId: string) => [`channel of ${userId}`],
    wake: (ids: readonly string[]) => void woken.push(...ids),
  };
  const notifications = createNotifications({ store, channels, changes, now: () => at });
  return { told, unread, woken, store, notifications };
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

test("[I3] news told again under its key stays the one that it was; another's of the same key is their own", async () => {
  const { notifications, store } = open();
  const first = await notifications.tell({ ...message, key: "merged" });
  expect(await notifications.tell({ ...message, title: "In other words", key: "merged" })).toEqual(first);
  await notifications.tell({ ...message, userId: "grace", key: "merged" });
  expect([...store.tables.notifications.values()].map(({ userId, title }) => [userId, title])).toEqual([
    ["ada", "Refused"],
    ["grace", "Refused"],
  ]);
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

test("what the channels have to carry is stored with the message before they are woken", async () => {
  const { notifications, woken, store } = open();
  const { id } = await notifications.tell(message);
  expect([...store.tables.deliveries.values()]).toEqual([
    { channelId: "channel of ada", notificationId: id, attempts: 0, dueAt: at },
  ]);
  expect(woken).toEqual(["channel of ada"]);
});
