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
      for (const each of made) await stores.notifications.create(each);
      const pages = await readPages((cursor) => stores.notifications.list(user.id, { limit: 2, ...cursor }));
      expect(pages).toEqual([[made[4], made[3]], [made[2], made[1]], [made[0]]]);
    });

    test("those already read keep their time, and nobody marks another's", async () => {
      const stores = open();
      const { user } = await seed(stores);
      const other = await seed(stores);
      const [first, second, foreign] = [user, user, other.user].map(({ id }) => sampleNotification(id));
      for (const each of [first, second, foreign]) if (each) await stores.notifications.create(each);
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
