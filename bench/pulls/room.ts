import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Forge } from "../../server/domain/forge";
import { sampleRepository, sampleSession, sampleUser } from "../../server/fakes/sample-rows";
import { createForgeClient } from "../../server/forges/create-forge-client";
import type { Log } from "../../server/kit/log";
import { createPulls } from "../../server/pulls/create-pulls";
import type { ForgeClient } from "../../server/pulls/forge-client";
import type { WorkingSession } from "../../server/pulls/session-work";
import { openStore, type Store } from "../../server/store/open-store";
import { type ForgeSide, pulls, pullsEach, sessionBranch, sessionsEach } from "./forge-side";

export type Room = {
  /**
   * All repositories once, from the beginning of the look to its end. Rejects where anything was not seen. GitLab tests a
   * merge that a push made unsure only once a look asked for it, and the next sees what came of it: such a look is not
   * `isTested`.
   */
  look(seen?: { isTested: boolean }): Promise<void>;
  /** The same facts as a look gives, asked for one by one. */
  lookAtEach(): Promise<void>;
  close(): Promise<void>;
};

/** The pulls room over a database and the clients of the program. Nobody is told of anything. */
export async function openRoom(side: ForgeSide): Promise<Room> {
  const directory = await mkdtemp(path.join(tmpdir(), "trellis-bench-"));
  const store = await openStore({
    url: `file:${path.join(directory, "trellis.db")}`,
    secretKey: Buffer.alloc(32, 7),
    migrationsDir: path.resolve(import.meta.dirname, "../../prisma/migrations"),
    log,
  });
  const { sessions, clients } = await fill(store, side);
  const abort = new AbortController();
  const room = createPulls({
    ...{ pulls: store.pulls, forges: store.forges, repositories: store.repositories, log, signal: abort.signal },
    client: ({ url }) => clients.get(url) ?? unknown(url),
    work: {
      sessions: async (id) => sessions.filter(({ repositoryId }) => repositoryId === id),
      get: async (id) => sessions.find((session) => session.id === id) ?? null,
      madeShas: async () => [],
      branchWork: async () => null,
    },
    tell: async () => {},
    hookUrl: () => null,
    changes: { session() {}, repository() {}, notification() {} },
    now: () => new Date(),
    pollMs: 24 * 3_600_000,
  });
  return {
    async look({ isTested } = { isTested: true }) {
      await room.start();
      await room.idle();
      const trouble = (await store.forges.list(sessions[0]?.userId ?? "")).find((forge) => forge.trouble)?.trouble;
      if (trouble) throw new Error(`${side.name} was not looked at: ${trouble.reason}`);
      const followed = [...(await room.readMany(sessions.map(({ id }) => id))).values()].flatMap(({ own }) => own);
      const known = followed.filter(
        ({ pull: { facts } }) => facts?.checks.known && (facts.mergeability.known || !isTested),
      );
      if (known.length !== pulls) throw new Error(`${side.name}: ${known.length} of ${pulls} were seen whole`);
    },
    async lookAtEach() {
      for (const { url, path: at } of side.places)
        for (let number = 1; number <= sessionsEach * pullsEach; number += 1)
          await (clients.get(url) ?? unknown(url)).readPull(at, number);
    },
    async close() {
      abort.abort();
      await room.idle();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function fill(store: Store, { kind, token, places, now }: ForgeSide) {
  const user = sampleUser();
  await store.accounts.ensureOwner(user);
  const clients = new Map<string, ForgeClient>();
  for (const url of new Set(places.map((place) => place.url))) {
    const account = { login: "ada", name: null };
    const forge: Forge = {
      id: randomUUID(),
      userId: user.id,
      kind,
      url,
      account: { ...account, missing: [] },
      trouble: null,
      createdAt: new Date(),
    };
    await store.forges.create(forge, { token, webhookSecret: "secret" });
    clients.set(url, createForgeClient(forge, token, now));
  }
  const sessions: WorkingSession[] = [];
  for (const [at, { url, path: name }] of places.entries()) {
    const repository = sampleRepository(user.id, { cloneUrl: `${url}/${name}.git` });
    await store.repositories.create(repository, null);
    for (let number = 0; number < sessionsEach; number += 1) {
      const row = sampleSession(repository, { branch: sessionBranch(at, number) });
      await store.sessions.create(row);
      sessions.push({ ...row, baseBranch: "main", ended: false });
    }
  }
  return { sessions, clients };
}

const log: Log = {
  debug() {},
  info() {},
  warn: (message, fields) => console.error(message, fields),
  error: (message, fields) => console.error(message, fields),
  child: () => log,
};

function unknown(url: string): never {
  throw new Error(`there is no client for ${url}`);
}
