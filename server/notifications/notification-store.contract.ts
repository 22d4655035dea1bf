import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sampleNotification } from "../fakes/sample-rows";
import { type OpenStores, readPages, seed } from "../store/testing/contract-stores";

const at = new Date("2026-03-04T05:06:07.089Z");
const later = new Date("2026-03-05T05:06:07.089Z");

export function notificationStoreContract(name: string, open: OpenStores): void {
  describe(`notifications in ${name}`, () => {
    test("come newest first, page by page", async () => {
      const stores = open();
      const { user, session } = await seed(stores);
      const made = [0, 1, 2, 3, 4].map((ms) =>
        sampleNotification(user.id, { sessionId: session.id, createdAt: new Date(at.getTime() + ms) }),
      );
      for (const each of made) await stores.notifications.create(each, []);
      const pages = await readPages((cursor) => stores.notifications.list(user.id, { limit: 2, ...cursor }));
      expect(pages).toEqual([[made[4], made[3]], [made[2], made[1]], [made[0]]]);
    });

    test("one of an id that is there gives the first back, and no channel carries it again", async () => {
      const { notifications, channels, deliveries, ...stores } = open();
      const { user } = await seed(stores);
      const facts = { loginId: null, kind: "webhook" as const, name: "hook", sentAt: null, trouble: null };
      const destination = { kind: "webhook" as const, url: "https://hooks.example.com/1", secret: "a secret of 16+" };
      const channel = { id: randomUUID(), userId: user.id, ...facts, addressHash: randomUUID(), createdAt: at };
      const { id: channelId } = await channels.put(channel, destination);
      const first = sampleNotification(user.id);
      const again = { ...first, title: "In other words", createdAt: later };
      expect(await notifications.create(first, [channelId])).toEqual(first);
      await deliveries.settle(channelId, first.id);
      const together = await Promise.all([1, 2].map(() => notifications.create(again, [channelId])));
      expect(together).toEqual([first, first]);
      expect((await notifications.list(user.id, { limit: 9 })).items).toEqual([first]);
      expect(await deliveries.next(channelId)).toBeNull();
    });

    test("those already read keep their time, and nobody marks another's", async () => {
      const stores = open();
      const { user } = await seed(stores);
      const other = await seed(stores);
      const [first, second, foreign] = [user, user, other.user].map(({ id }) => sampleNotification(id));
      for (const each of [first, second, foreign]) if (each) await stores.notifications.create(each, []);
      expect(await stores.notifications.countUnread(user.id)).toBe(2);
      await stores.notifications.markRead(user.id, [first?.id ?? "", foreign?.id ?? ""], at);
      expect(await stores.notifications.countUnread(user.id)).toBe(1);
      await stores.notifications.markRead(user.id, null, later);
      const { items } = await stores.notifications.list(user.id, { limit: 50 });
      expect(new Map(items.map(({ id, readAt }) => [id, readAt]))).toEqual(
        new Map([
          [first?.id, at],
          [second?.id, later],
        ]),
      );
      expect(await stores.notifications.countUnread(other.user.id)).toBe(1);
    });
  });
}
