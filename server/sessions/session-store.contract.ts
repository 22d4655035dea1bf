import { describe, expect, test } from "vitest";
import type { Session } from "../domain/session";
import { sampleRepository, sampleSession, sampleUser } from "../fakes/sample-rows";
import { type OpenStores, readPages, seed } from "../store/testing/contract-stores";
import type { SessionPatch } from "./session-store";

const at = new Date("2026-03-04T05:06:07.089Z");
const later = new Date("2026-03-04T05:06:08.999Z");

const everything: SessionPatch = {
  title: "Grüße, 100% _done_ 🚀",
  baseBranch: "main",
  baseSha: "0123456789012345678901234567890123456789",
  wanted: "ended",
  creation: [
    { step: "clone", startedAt: at, endedAt: later, detail: null },
    { step: "setup", startedAt: later, endedAt: null, detail: "npm ci" },
  ],
  failure: { step: "save", reason: "fatal: no space", output: "line 1\nline 2", at },
  ending: { keep: "commit-and-push", lossToken: "token", requestedAt: at },
  endingSteps: [{ step: "stop", startedAt: at, endedAt: later, detail: "2 programs" }],
  endRefusal: { reason: "the push was refused", at: later },
  rescueRefs: [{ ref: "refs/trellis/rescue/abc/head", sha: "abc" }],
  pushedBranches: ["session/ada/abc", "session/ada/abc-topic"],
  adoptedFrom: "https://forge.example/team/app/pulls/7",
  endedAt: later,
  seenAt: at,
};

export function sessionStoreContract(name: string, open: OpenStores): void {
  describe(`sessions in ${name}`, () => {
    test("a row comes back as it was written, dates inside JSON to the millisecond", async () => {
      const stores = open();
      const { repository } = await seed(stores);
      const session = sampleSession(repository, everything as Partial<Session>);
      await stores.sessions.create(session);
      expect(await stores.sessions.get(session.id)).toEqual(session);
    });

    test("a patch is written whole, and what it does not name stays", async () => {
      const stores = open();
      const { session } = await seed(stores);
      const updated = await stores.sessions.update(session.id, everything);
      expect(updated).toEqual({ ...session, ...everything });
      const cleared: SessionPatch = { failure: null, ending: null, endRefusal: null, endedAt: null };
      expect(await stores.sessions.update(session.id, cleared)).toEqual({ ...session, ...everything, ...cleared });
      expect(await stores.sessions.update(session.id, {})).toEqual({ ...session, ...everything, ...cleared });
    });

    test("writers of different columns at the same time all win", async () => {
      const stores = open();
      const { session } = await seed(stores);
      const patches = Object.entries(everything).map(([key, value]) => ({ [key]: value }) as SessionPatch);
      await Promise.all(patches.map((patch) => stores.sessions.update(session.id, patch)));
      expect(await stores.sessions.get(session.id)).toEqual({ ...session, ...everything });
    });

    test("a second session with a short id or id that is taken is a conflict", async () => {
      const stores = open();
      const { repository, session } = await seed(stores);
      for (const taken of [{ id: session.id }, { shortId: session.shortId }])
        await expect(stores.sessions.create(sampleSession(repository, taken))).rejects.toMatchObject({
          code: "conflict",
        });
    });

    test("a row that is gone is null to read and not-found to write", async () => {
      const stores = open();
      expect(await stores.sessions.get("nobody")).toBeNull();
      await expect(stores.sessions.update("nobody", { title: "x" })).rejects.toMatchObject({ code: "not-found" });
    });

    test("[I9] another user's session is null and in no list", async () => {
      const stores = open();
      const { user, session } = await seed(stores);
      const other = sampleUser();
      await stores.accounts.ensureOwner(other);
      expect(await stores.sessions.getFor(user.id, session.id)).toEqual(session);
      expect(await stores.sessions.getFor(other.id, session.id)).toBeNull();
      expect((await stores.sessions.list({ userId: other.id, limit: 50 })).items).toEqual([]);
      expect(await stores.sessions.countActive(other.id)).toEqual([]);
    });

    listing(open);
  });
}

function listing(open: OpenStores): void {
  test("pages hold every row once, newest first, also where many were made in one millisecond", async () => {
    const stores = open();
    const { user, repository, session } = await seed(stores);
    const made = [-1, 1, 1, 1, 1, 2, 3].map((ms) =>
      sampleSession(repository, { createdAt: new Date(session.createdAt.getTime() + ms) }),
    );
    for (const each of made) await stores.sessions.create(each);
    const pages = await readPages((cursor) => stores.sessions.list({ userId: user.id, limit: 3, ...cursor }));
    expect(pages.map((page) => page.length)).toEqual([3, 3, 2]);
    const listed = pages.flat();
    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set([session, ...made].map(({ id }) => id)));
    const times = listed.map(({ createdAt }) => createdAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  test("rows that come in between two pages shift nothing", async () => {
    const stores = open();
    const { user, repository, session } = await seed(stores);
    const newer = (ms: number) => new Date(session.createdAt.getTime() + ms);
    const second = sampleSession(repository, { createdAt: newer(1) });
    await stores.sessions.create(second);
    const first = await stores.sessions.list({ userId: user.id, limit: 1 });
    await stores.sessions.create(sampleSession(repository, { createdAt: newer(2) }));
    const cursor = first.nextCursor ?? "";
    expect((await stores.sessions.list({ userId: user.id, limit: 1, cursor })).items).toEqual([session]);
  });

  test("a cursor that is none is refused, not taken for the beginning", async () => {
    const stores = open();
    const { user } = await seed(stores);
    for (const cursor of ["", "x", "bm9wZQ", Buffer.from('["a","b"]').toString("base64url")])
      await expect(stores.sessions.list({ userId: user.id, limit: 1, cursor })).rejects.toMatchObject({
        code: "invalid",
      });
  });

  test("filters by repository and state; what is ending counts as active", async () => {
    const stores = open();
    const { user, repository, session } = await seed(stores);
    const second = sampleRepository(user.id);
    await stores.repositories.create(second, null);
    const ending = sampleSession(second, { wanted: "ended" });
    const ended = sampleSession(second, { wanted: "ended", endedAt: at });
    for (const each of [ending, ended]) await stores.sessions.create(each);
    const ids = async (filter: { repositoryId?: string; state?: "active" | "ended" }) => {
      const { items } = await stores.sessions.list({ userId: user.id, limit: 50, ...filter });
      return items.map(({ id }) => id).sort();
    };
    expect(await ids({ state: "active" })).toEqual([session.id, ending.id].sort());
    expect(await ids({ state: "ended" })).toEqual([ended.id]);
    expect(await ids({ repositoryId: second.id })).toEqual([ending.id, ended.id].sort());
    expect(await ids({ repositoryId: second.id, state: "active" })).toEqual([ending.id]);
    const unfinished = (await stores.sessions.listUnfinished()).map(({ id }) => id);
    expect(unfinished).toEqual(expect.arrayContaining([session.id, ending.id]));
    expect(unfinished).not.toContain(ended.id);
    const counts = await stores.sessions.countActive(user.id);
    expect(counts).toHaveLength(2);
    expect(counts).toEqual(
      expect.arrayContaining([
        { repositoryId: repository.id, count: 1 },
        { repositoryId: second.id, count: 1 },
      ]),
    );
  });

  test("a search goes by title, branch and short id, in any case and script, and takes % and _ as letters", async () => {
    const stores = open();
    const { user, repository, session } = await seed(stores);
    const titles = ["ÜBER 100% done", "snake_case", "plain"];
    for (const title of titles) await stores.sessions.create(sampleSession(repository, { title }));
    const search = async (q: string, limit = 50) => {
      const pages = await readPages((cursor) => stores.sessions.list({ userId: user.id, q, limit, ...cursor }));
      return pages.flat().map(({ title }) => title);
    };
    expect(await search("über")).toEqual([titles[0]]);
    expect(await search("100%")).toEqual([titles[0]]);
    expect(await search("E_C")).toEqual([titles[1]]);
    expect(await search("%")).toEqual([titles[0]]);
    expect(await search(session.shortId.toUpperCase())).toEqual([session.title]);
    expect((await search("session/ADA", 1)).toSorted()).toEqual([session.title, ...titles].toSorted());
    expect(await search("nothing like it")).toEqual([]);
  });
}
