import { randomUUID } from "node:crypto";
import { copyFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { FakeForge } from "../fakes/fake-forge";
import { sampleRepository, sampleSession, sampleUser } from "../fakes/sample-rows";
import { createChannels } from "../notifications/create-channels";
import { createNotifications } from "../notifications/create-notifications";
import { createPulls } from "../pulls/create-pulls";
import { openTestStore, quietLog, temporaryDirectory } from "../store/testing/open-test-store";

const { directory, remove } = temporaryDirectory();
afterAll(remove);

const quiet = { notification() {}, session() {}, repository() {} };
const now = () => new Date();

/** A server that dies before one of its writes: from then on it reads, writes and sends nothing. */
class Life {
  dead = false;
  writes = 0;
  constructor(private readonly diesAt = Number.POSITIVE_INFINITY) {}

  async lives<T>(work: () => Promise<T>): Promise<T> {
    if (this.dead) throw new Error("killed");
    return work();
  }

  write<T>(work: () => Promise<T>): Promise<T> {
    if (this.writes === this.diesAt) this.dead = true;
    if (!this.dead) this.writes += 1;
    return this.lives(work);
  }

  /** Of a store: those named write, all else reads. */
  over<Store extends object>(store: Store, writes: (keyof Store)[]): Store {
    return new Proxy(store, {
      get:
        (target, name) =>
        (...args: unknown[]) => {
          const work = () =>
            (Reflect.get(target, name) as (...given: unknown[]) => Promise<unknown>).apply(target, args);
          return writes.includes(name as keyof Store) ? this.write(work) : this.lives(work);
        },
    });
  }
}

const newFile = () => path.join(directory, `${randomUUID()}.db`);
const user = sampleUser();
const repository = sampleRepository(user.id, { cloneUrl: "https://forge.test/team/app.git" });
const session = sampleSession(repository);
const destinations = {
  push: { kind: "push" as const, endpoint: "https://push.example.com/1", p256dh: "p", auth: "a" },
  webhook: { kind: "webhook" as const, url: "https://hooks.example.com/1", secret: "sixteen characters" },
};

/** A database with a session, and a person who is told by both kinds of channels. */
async function fill(file: string): Promise<void> {
  const store = await openTestStore(`file:${file}`);
  await store.accounts.ensureOwner(user);
  await store.repositories.create(repository, null);
  await store.sessions.create(session);
  const forge = { id: "forge", userId: user.id, kind: "forgejo" as const, url: "https://forge.test" };
  const account = { account: { login: "ada", name: null, missing: [] }, trouble: null, createdAt: now() };
  await store.forges.create({ ...forge, ...account }, { token: "t", webhookSecret: "w" });
  for (const kind of ["push", "webhook"] as const) {
    const facts = { loginId: null, kind, name: kind, addressHash: kind, createdAt: now(), sentAt: null, trouble: null };
    await store.channels.put({ id: kind, userId: user.id, ...facts }, destinations[kind]);
  }
  await store.close();
}

/** A server's rooms from their start to rest, or to their death. Gives what the database holds then. */
async function run(file: string, { forge, life, sent }: { forge: FakeForge; life: Life; sent: string[] }) {
  const store = await openTestStore(`file:${file}`);
  const abort = new AbortController();
  const around = { log: { ...quietLog, error: () => {} }, now, signal: abort.signal };
  const channels = createChannels({
    ...around,
    channels: life.over(store.channels, ["note", "delete"]),
    deliveries: life.over(store.deliveries, ["postpone", "settle"]),
    sender: {
      objection: async () => null,
      send: ({ kind }, { id }) =>
        life.write(async () => {
          sent.push(`${kind} ${id}`);
          return { kind: "sent" };
        }),
    },
    user: (id) => life.lives(() => store.accounts.getUser(id)),
    pushKey: async () => "",
  });
  const notifications = createNotifications({
    store: life.over(store.notifications, ["create"]),
    ...{ channels, changes: quiet, now },
  });
  const row = { ...session, baseBranch: "main", ended: false };
  const pulls = createPulls({
    ...around,
    pulls: life.over(store.pulls, ["create", "update", "setLook", "claim", "addNudge", "updateNudge", "addMade"]),
    forges: life.over(store.forges, ["update"]),
    work: { sessions: async () => [row], get: async () => row, madeShas: async () => [], branchWork: async () => null },
    repositories: store.repositories,
    client: () => forge.client(),
    tell: async (news) => void (await notifications.tell(news)),
    hookUrl: () => null,
    changes: quiet,
    pollMs: 3_600_000,
  });
  await channels.start();
  await pulls.start();
  await pulls.idle();
  await channels.idle();
  abort.abort();
  const { items } = await store.notifications.list(user.id, { limit: 50 });
  const waiting = await store.deliveries.waiting();
  await store.close();
  return { items, waiting };
}

test("[I3] news is told once, whichever write the server dies before: in the bell, and at most once more by a channel", async () => {
  const forge = new FakeForge(now);
  const number = forge.open(session.branch);
  const seed = newFile();
  await fill(seed);
  // What was over before the first look is no news.
  const { items: before } = await run(seed, { forge, life: new Life(), sent: [] });
  forge.merge(number);
  let survived = false;
  let diesAt = 0;
  for (; !survived; diesAt += 1) {
    const [file, sent, life] = [newFile(), [] as string[], new Life(diesAt)];
    copyFileSync(seed, file);
    await run(file, { forge, life, sent });
    survived = !life.dead;
    const { items, waiting } = await run(file, { forge, life: new Life(), sent });
    const news = items.filter(({ id }) => !before.some((each) => each.id === id));
    expect(news.map(({ kind }) => kind).toSorted(), `killed before write ${diesAt}`).toEqual([
      "pull-done",
      "pull-merged",
    ]);
    expect(waiting).toEqual([]);
    const wanted = news.flatMap(({ id }) => [`push ${id}`, `webhook ${id}`]);
    expect([...new Set(sent)].toSorted()).toEqual(wanted.toSorted());
    // What each channel had sent and not yet noted goes once more.
    expect(sent.length).toBeLessThanOrEqual(wanted.length + Object.keys(destinations).length);
  }
  // Facts, cursor, two notifications and their claims, and of four deliveries each a send, a note and the settling.
  expect(diesAt).toBeGreaterThan(16);
}, 600_000);
