import type { Repository, RepositorySettings } from "../../domain/repository";
import { FakeForge } from "../../fakes/fake-forge";
import { MemoryForges } from "../../fakes/memory-forges";
import { MemoryPulls } from "../../fakes/memory-pulls";
import { MemoryRepositories } from "../../fakes/memory-repositories";
import { MemoryTables } from "../../fakes/memory-tables";
import { sampleRepository, sampleSession, sampleUser } from "../../fakes/sample-rows";
import type { Log } from "../../kit/log";
import { createPulls } from "../create-pulls";
import type { MovedHint } from "../forge-client";
import type { PullDeps } from "../pull-deps";
import type { BranchWork, SessionWork, WorkingSession } from "../session-work";

const startMs = new Date("2026-05-06T07:00:00.000Z").getTime();

/** A forge in memory with one repository of it; servers over it are opened one after another, as over a restart. */
export async function openPullsGround(settings: Partial<RepositorySettings> = {}, { forgeAheadMs = 0 } = {}) {
  const tables = new MemoryTables();
  const user = sampleUser();
  const base = sampleRepository(user.id, { cloneUrl: "https://forge.test/team/app.git" });
  const repository: Repository = { ...base, settings: { ...base.settings, ...settings } };
  const clock = { ms: startMs };
  // No two moments are alike.
  const now = () => new Date(++clock.ms);
  const forge = new FakeForge(() => new Date(now().getTime() + forgeAheadMs));
  const told: { kind: string; sessionId: string | null; title: string }[] = [];
  const made = new Map<string, string[]>();
  const ahead = new Map<string, BranchWork>();
  const sessions: WorkingSession[] = [];
  const errors: unknown[] = [];
  const log: Log = {
    ...{ debug() {}, info() {}, warn() {}, child: () => log },
    error: (message, fields) => void errors.push([message, fields]),
  };
  const stores = { pulls: new MemoryPulls(tables), forges: new MemoryForges(tables) };
  const repositories = new MemoryRepositories(tables);
  await repositories.create(repository, null);
  await stores.forges.create(
    {
      ...{ id: "forge-1", userId: user.id, kind: "forgejo", url: "https://forge.test", trouble: null },
      ...{ account: { login: "ada", name: null, missing: [] }, createdAt: now() },
    },
    { token: "t", webhookSecret: "secret" },
  );
  const work: SessionWork = {
    sessions: async (id) => sessions.filter(({ repositoryId }) => repositoryId === id),
    get: async (id) => sessions.find((session) => session.id === id) ?? null,
    madeShas: async (id) => made.get(id) ?? [],
    branchWork: async (id, { branch, base }) => ahead.get(`${id} ${branch} ${base}`) ?? null,
  };

  return {
    ...{ user, repository, forge, told, made, ahead, sessions, errors, tables, now, ...stores },
    addSession(name: string, change: Partial<WorkingSession> = {}): WorkingSession {
      const row = sampleSession(repository, { id: name });
      tables.sessions.set(name, row);
      const session: WorkingSession = {
        ...{ id: name, userId: user.id, username: "ada", repositoryId: repository.id, title: name },
        ...{ branch: `session/ada/${name}`, baseBranch: "main", ended: false, createdAt: now() },
        ...change,
      };
      sessions.push(session);
      return session;
    },
    open(change: Partial<PullDeps> = {}) {
      const abort = new AbortController();
      const room = createPulls({
        ...{ ...stores, repositories, work, log, now, signal: abort.signal, pollMs: 3_600_000 },
        client: () => forge.client(),
        tell: async ({ kind, sessionId, title }) => void told.push({ kind, sessionId, title }),
        hookUrl: () => "https://trellis.test/api/webhooks/forge-1",
        changes: { session() {}, repository() {}, notification() {} },
        ...change,
      });
      return {
        ...room,
        /** A whole look, from its beginning to its end. */
        async look() {
          room.wake(repository.id);
          await room.idle();
        },
        async of(session: WorkingSession) {
          const reading = (await room.readMany([session.id])).get(session.id);
          if (!reading) throw new Error("the session is not known");
          return reading;
        },
        close: () => abort.abort(),
      };
    },
    later(ms: number) {
      clock.ms += ms;
    },
    deliver: (hint: Partial<MovedHint> = {}) => ({
      headers: { "x-signature": "secret" },
      body: Buffer.from(JSON.stringify({ number: null, sha: null, branch: null, ...hint })),
    }),
  };
}
