import { randomUUID } from "node:crypto";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { User } from "../domain/user";
import { sampleUser } from "../fakes/sample-rows";
import { createChannels } from "../notifications/create-channels";
import { createNotifications } from "../notifications/create-notifications";
import type { Sender } from "../notifications/sender";
import { openTestStore, quietLog, temporaryDirectory } from "../store/testing/open-test-store";
import { createSender } from "./create-sender";
import { openReceiver } from "./testing/receiver";
import { pushKeys } from "./web-push/push-keys";

const { directory, remove } = temporaryDirectory();
const opened: { stop(): Promise<void> }[] = [];
let receiver: Awaited<ReturnType<typeof openReceiver>>;
beforeAll(async () => {
  receiver = await openReceiver();
});
afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
  receiver.received.length = 0;
  receiver.answers.length = 0;
});
afterAll(async () => {
  await receiver.close();
  remove();
});

const quiet = { notification() {}, session() {}, repository() {} };
const newDatabase = () => `file:${path.join(directory, `${randomUUID()}.db`)}`;

/** A server's rooms over a database file; `dies` is one that is killed after it stored and before it sent. */
async function start(url: string, own: { dies?: boolean; waitsMs?: number[]; sender?: Sender } = {}) {
  const store = await openTestStore(url);
  const abort = new AbortController();
  const keys = pushKeys((name, make) => store.installation.secret(name, make));
  const channels = createChannels({
    channels: store.channels,
    deliveries: store.deliveries,
    sender: own.sender ?? createSender({ keys, origin: () => "" }),
    user: (id) => store.accounts.getUser(id),
    pushKey: async () => (await keys()).publicKey,
    // What was given up is warned of.
    log: { ...quietLog, warn: () => {} },
    now: () => new Date(),
    signal: abort.signal,
    waitsMs: own.waitsMs ?? [20, 20],
  });
  const wake = own.dies ? () => {} : channels.wake;
  const carriers = { recipients: channels.recipients, wake };
  const notifications = createNotifications({
    store: store.notifications,
    channels: carriers,
    changes: quiet,
    now: () => new Date(),
  });
  let stopped = false;
  const server = {
    store,
    channels,
    notifications,
    async stop() {
      if (stopped) return;
      stopped = true;
      abort.abort();
      await channels.idle();
      await store.close();
    },
  };
  opened.push(server);
  return server;
}

async function withWebhook(server: Awaited<ReturnType<typeof start>>, own: Partial<User> = {}) {
  const user = sampleUser({ role: "admin", ...own });
  await server.store.accounts.ensureOwner(user);
  const destination = { kind: "webhook" as const, url: receiver.url, secret: "sixteen characters" };
  return { user, channel: await server.channels.add(user, { destination, name: "hook", loginId: null }) };
}

const message = { sessionId: null, kind: "pull-merged" as const, title: "#1: merged", body: "Into main." };
const ids = () => receiver.received.map(({ headers }) => headers["x-trellis-delivery"]);

test("a server that dies between storing and sending loses nothing, and its successors say it once", async () => {
  const url = newDatabase();
  const first = await start(url, { dies: true });
  const { user } = await withWebhook(first);
  const told = await first.notifications.tell({ ...message, userId: user.id });
  await first.stop();
  expect(ids()).toEqual([]);
  for (let restart = 0; restart < 3; restart++) {
    const next = await start(url);
    await next.channels.start();
    await receiver.count(1);
    await next.channels.idle();
    expect(await next.store.deliveries.waiting()).toEqual([]);
    await next.stop();
  }
  expect(ids()).toEqual([told.id]);
});

test("a receiver that is away for a while gets each message once, over a restart too", async () => {
  const url = newDatabase();
  const first = await start(url, { waitsMs: [60_000, 20, 20] });
  const { user, channel } = await withWebhook(first);
  receiver.answers.push({ status: 503 }, { status: 503 });
  const told = await first.notifications.tell({ ...message, userId: user.id });
  await receiver.count(1);
  await first.channels.idle();
  expect((await first.channels.list(user))[0]?.trouble?.reason).toContain("503");
  const waiting = await first.store.deliveries.next(channel.id);
  if (waiting) await first.store.deliveries.postpone(channel.id, { ...waiting, dueAt: new Date(0) });
  await first.stop();
  const second = await start(url, { waitsMs: [60_000, 20, 20] });
  await second.channels.start();
  await receiver.count(3);
  await expect.poll(() => second.store.deliveries.waiting()).toEqual([]);
  expect(ids()).toEqual([told.id, told.id, told.id]);
  const [healed] = await second.channels.list(user);
  expect(healed).toMatchObject({ trouble: null, sentAt: expect.any(Date) });
});

test("a message is given up after its attempts, in words, and the next one goes on", async () => {
  const server = await start(newDatabase(), { waitsMs: [1, 1] });
  const { user } = await withWebhook(server);
  receiver.answers.push({ status: 500 }, { status: 500 }, { status: 500 });
  const lost = await server.notifications.tell({ ...message, userId: user.id });
  await expect.poll(() => server.store.deliveries.waiting()).toEqual([]);
  expect((await server.channels.list(user))[0]?.trouble?.reason).toMatch(/500.*merged.*given up after 3 attempts/);
  const next = await server.notifications.tell({ ...message, userId: user.id });
  await receiver.count(4);
  expect(ids()).toEqual([lost.id, lost.id, lost.id, next.id]);
});

test("muted kinds are stored for the bell and carried by no channel", async () => {
  const server = await start(newDatabase());
  const { user } = await withWebhook(server);
  await server.channels.mute(user, ["pull-merged"]);
  await server.notifications.tell({ ...message, userId: user.id });
  const heard = await server.notifications.tell({ ...message, kind: "pull-closed", userId: user.id });
  await receiver.count(1);
  await server.channels.idle();
  expect(ids()).toEqual([heard.id]);
  expect(await server.notifications.countUnread(user.id)).toBe(2);
});

test("a browser that is gone is forgotten, and one whose message was read elsewhere is left alone", async () => {
  const outcomes = ["gone" as const];
  const sent: string[] = [];
  const sender: Sender = {
    objection: async () => null,
    async send(_destination, { id }) {
      sent.push(id);
      return { kind: outcomes.shift() ?? "sent" };
    },
  };
  const server = await start(newDatabase(), { sender, dies: true });
  const user = sampleUser();
  await server.store.accounts.ensureOwner(user);
  const push = (endpoint: string) =>
    server.channels.add(user, {
      destination: { kind: "push", endpoint, p256dh: "p", auth: "a" },
      name: "Firefox",
      loginId: null,
    });
  await push("https://push.example.com/1");
  const read = await server.notifications.tell({ ...message, userId: user.id });
  await server.notifications.markRead(user.id, [read.id]);
  const unread = await server.notifications.tell({ ...message, userId: user.id });
  await server.channels.start();
  await expect.poll(() => server.channels.list(user)).toEqual([]);
  await server.channels.idle();
  expect(sent).toEqual([unread.id]);
});

test("one person's channel is not another's to see, test or remove, and a member's never points inward", async () => {
  const server = await start(newDatabase());
  const { channel } = await withWebhook(server);
  const grace = sampleUser({ role: "member" });
  expect(await server.channels.list(grace)).toEqual([]);
  await expect(server.channels.test(grace, channel.id)).rejects.toMatchObject({ code: "not-found" });
  await expect(server.channels.remove(grace, channel.id)).rejects.toMatchObject({ code: "not-found" });
  const inward = {
    kind: "webhook" as const,
    url: receiver.url.replace("http:", "https:"),
    secret: "sixteen characters",
  };
  const refused = server.channels.add(grace, { destination: inward, name: "inward", loginId: null });
  await expect(refused).rejects.toMatchObject({ code: "refused", message: expect.stringContaining("administrator") });
});

test("the keys of push are made once, encrypted, and stay over a restart", async () => {
  const url = newDatabase();
  const first = await start(url);
  const key = await first.channels.pushKey();
  await first.stop();
  const second = await start(url);
  expect(await Promise.all([second.channels.pushKey(), second.channels.pushKey()])).toEqual([key, key]);
});
