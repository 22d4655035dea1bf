import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Channel, Destination } from "../domain/channel";
import { sampleNotification } from "../fakes/sample-rows";
import { type OpenStores, seed } from "../store/testing/contract-stores";

const at = new Date("2026-03-04T05:06:07.089Z");
const later = new Date("2026-03-05T05:06:07.089Z");
const webhook: Destination = { kind: "webhook", url: "https://hooks.example.com/1", secret: "a secret of 16+" };
const browser: Destination = { kind: "push", endpoint: "https://push.example.com/1", p256dh: "p", auth: "a" };

function sampleChannel(userId: string, own: Partial<Channel> = {}): Channel {
  const facts = { loginId: null, kind: "webhook" as const, name: "hooks.example.com", sentAt: null, trouble: null };
  return { id: randomUUID(), userId, ...facts, addressHash: randomUUID(), createdAt: at, ...own };
}

export function channelStoreContract(name: string, open: OpenStores): void {
  describe(`notification channels in ${name}`, () => {
    test("one of the same address keeps its id and takes the new secrets, and its trouble is over", async () => {
      const { channels, ...stores } = open();
      const { user } = await seed(stores);
      const first = await channels.put(sampleChannel(user.id), webhook);
      await channels.note(first.id, { trouble: { reason: "404", since: at }, sentAt: at });
      expect(await channels.list(user.id)).toEqual([{ ...first, trouble: { reason: "404", since: at }, sentAt: at }]);
      const renewed = { ...webhook, secret: "another secret" };
      await channels.put(sampleChannel(user.id, { addressHash: first.addressHash, name: "again" }), renewed);
      expect(await channels.list(user.id)).toEqual([{ ...first, name: "again", sentAt: at }]);
      expect(await channels.destination(first.id)).toEqual(renewed);
    });

    test("a browser is one person's at a time, a webhook's address may be of many", async () => {
      const { channels, ...stores } = open();
      const [ada, grace] = [(await seed(stores)).user, (await seed(stores)).user];
      const [pushHash, hookHash] = [randomUUID(), randomUUID()];
      for (const { id } of [ada, grace]) {
        await channels.put(sampleChannel(id, { kind: "push", addressHash: pushHash }), browser);
        await channels.put(sampleChannel(id, { addressHash: hookHash }), webhook);
      }
      expect((await channels.list(ada.id)).map(({ kind }) => kind)).toEqual(["webhook"]);
      expect((await channels.list(grace.id)).map(({ kind }) => kind).sort()).toEqual(["push", "webhook"]);
    });

    test("what is to be carried comes by its time, until it is settled or its channel is deleted", async () => {
      const { channels, deliveries, notifications, ...stores } = open();
      const { user } = await seed(stores);
      const { id } = await channels.put(sampleChannel(user.id), webhook);
      const [first, second] = [
        sampleNotification(user.id, { createdAt: at }),
        sampleNotification(user.id, { createdAt: later }),
      ];
      await notifications.create(second, [id]);
      await notifications.create(first, [id, "a channel that is gone"]);
      const due = await deliveries.next(id);
      expect(due).toEqual({ notification: first, attempts: 0, dueAt: at });
      const afterAll = new Date(later.getTime() + 1);
      await deliveries.postpone(id, { notification: first, attempts: 1, dueAt: afterAll });
      expect((await deliveries.next(id))?.notification.id).toBe(second.id);
      await deliveries.settle(id, second.id);
      expect(await deliveries.next(id)).toEqual({ notification: first, attempts: 1, dueAt: afterAll });
      expect(await deliveries.waiting()).toEqual(expect.arrayContaining([id, "a channel that is gone"]));
      await channels.delete(id);
      expect(await deliveries.next(id)).toBeNull();
      expect(await channels.get(id)).toBeNull();
      expect(await deliveries.waiting()).not.toContain(id);
      await deliveries.settle("a channel that is gone", first.id);
    });

    test("muted kinds are each user's own", async () => {
      const { channels, ...stores } = open();
      const [ada, grace] = [(await seed(stores)).user, (await seed(stores)).user];
      await channels.mute(ada.id, ["pull-merged", "pull-closed", "pull-closed"]);
      expect(await channels.muted(ada.id)).toEqual(["pull-closed", "pull-merged"]);
      expect(await channels.muted(grace.id)).toEqual([]);
      await channels.mute(ada.id, []);
      expect(await channels.muted(ada.id)).toEqual([]);
    });
  });
}
