import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { sampleSession, sampleTerminal, sampleWorktree } from "../fakes/sample-rows";
import { readPages, seed } from "./testing/contract-stores";
import { openTestStore, temporaryDirectory } from "./testing/open-test-store";
import { describePostgres } from "./testing/postgres";
import { runScript } from "./testing/run-script";

const writers = 50;

function concurrency(newDatabase: () => Promise<string>): void {
  test("50 writers at the same time lose nothing", async () => {
    const store = await openTestStore(await newDatabase());
    const { user, repository } = await seed(store);
    const made = await Promise.all(
      Array.from({ length: writers }, async (_, at) => {
        const session = sampleSession(repository);
        await store.sessions.create(session);
        await Promise.all([
          store.worktrees.ensure(sampleWorktree(session)),
          store.terminals.create(sampleTerminal(session.id, { position: at })),
          store.sessions.update(session.id, { title: `writer ${at}` }),
          store.sessions.update(session.id, { pushedBranches: [`branch-${at}`] }),
          store.sessions.update(session.id, { seenAt: new Date(at) }),
        ]);
        return { ...session, title: `writer ${at}`, pushedBranches: [`branch-${at}`], seenAt: new Date(at) };
      }),
    );
    for (const session of made) expect(await store.sessions.get(session.id)).toEqual(session);
    const pages = await readPages((cursor) => store.sessions.list({ userId: user.id, limit: 20, ...cursor }));
    expect(pages.flat()).toHaveLength(writers + 1);
    const ids = made.map(({ id }) => id);
    expect((await store.terminals.listBySessions(ids)).map(({ position }) => position)).toEqual([...ids.keys()]);
    expect(await store.worktrees.listByRepository(repository.id)).toHaveLength(writers);
    await store.close();
  });

  test("50 writers in each of two processes lose nothing, and no number of a lease is given twice", async () => {
    const url = await newDatabase();
    const store = await openTestStore(url);
    const { user } = await seed(store);
    const args = [url, user.id, String(writers)];
    const printed = await Promise.all([1, 2].map(() => runScript("write-script.ts", args)));
    const numbers = printed.flatMap((line) => JSON.parse(line) as number[]).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 2 * writers }, (_, at) => at + 1));
    expect(await store.notifications.countUnread(user.id)).toBe(2 * writers);
    await store.close();
  });
}

describe("SQLite", () => {
  const { directory, remove } = temporaryDirectory();
  afterAll(remove);
  let databases = 0;
  concurrency(async () => {
    databases += 1;
    return `file:${path.join(directory, `${databases}.db`)}`;
  });
});

describePostgres("PostgreSQL", concurrency);
